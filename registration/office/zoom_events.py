"""Where Zoom tells of its webinars. Whoever else calls is refused, and nothing of what is said goes to a log."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from registration.zoom import webhooks
from registration.zoom.actions.events import note


@csrf_exempt
@require_POST
def zoom_events(request: HttpRequest) -> HttpResponse:
    """401 for what is not Zoom's or not fresh, 409 for what came before, 400 for what is no message; otherwise noted, for a worker."""
    secret = settings.ZOOM_WEBHOOK_SECRET
    if not secret:
        raise Http404
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > webhooks.MAX_BYTES:
        return HttpResponse(status=413)
    at, signature = timezone.now(), request.headers.get("x-zm-signature", "")
    try:
        said = webhooks.checked(request.body, signature, request.headers.get("x-zm-request-timestamp", ""), secret, at)
    except webhooks.NotFromZoom:
        return HttpResponse(status=401)
    except webhooks.Unreadable:
        return HttpResponse(status=400)
    if answer := webhooks.answer_to_validation(said, secret):
        return JsonResponse(answer)
    told = webhooks.told(said, at)
    if told and not note(told=told, signature=signature, at=at):
        return HttpResponse(status=409)
    return HttpResponse(status=204)
