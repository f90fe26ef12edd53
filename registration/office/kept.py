"""Numbers that a worker keeps, for pages of the office."""

from registration.models import KeptFigures
from registration.operations import kept_figures, tasks
from sessions.models import Workshop


def figures_for(workshop: Workshop | None, subject: KeptFigures.Subject) -> KeptFigures:
    """Those of `workshop`, or over all. Sends a worker where they are old.

    Nothing is kept yet where `counted_at` is None: the page says so and asks again.
    """
    kept, is_to_be_sent = kept_figures.look(workshop, subject)
    if is_to_be_sent:
        tasks.count_figures.enqueue(workshop.pk if workshop else None)
    return kept
