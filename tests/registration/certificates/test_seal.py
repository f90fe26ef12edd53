"""The electronic seal: valid and trusted as it was made, invalid once a bit was turned; nobody gets a sheet or a mail before it."""

import datetime as dt
import logging
import re
import subprocess
import sys
from io import BytesIO

import pytest
from asn1crypto import cms, x509
from django.conf import settings as django_settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from registration.certificates import actions, layout, sealing
from registration.certificates.verification import verified
from registration.models import Certificate, CertificateRun, CertificateSeal, Delivery
from tests.registration.certificates import seal_keys
from tests.registration.certificates.test_actions import STAFF, issued, workshop_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings, tmp_path):
    """The office has set its key."""
    file = tmp_path / "seal.p12"
    file.write_bytes(seal_keys.p12())
    settings.CERTIFICATE_SEAL, settings.CERTIFICATE_SEAL_PASSWORD = str(file), seal_keys.PASSWORD
    return file


def checked(pdf: bytes):
    """What whoever opens the file is told of its seal."""
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.ERROR)
    context = ValidationContext(trust_roots=[x509.Certificate.load(seal_keys.authority_der())], allow_fetching=False)
    (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(seal, context)


def mails():
    return Delivery.objects.filter(message="certificate").count()


def is_valid(pdf: bytes) -> bool:
    return checked(pdf).bottom_line


def _numbers(reader):
    return {reference.idnum for reference in reader.xrefs.explicit_refs_in_revision(0)}


def _as_bytes(holder, name):
    if name not in holder:
        return b""
    written = BytesIO()
    holder.raw_get(name).write_to_stream(written, None)
    return written.getvalue()


class TestSealed:
    def test_it_is_valid_trusted_covers_the_whole_file_and_is_pades(self, key):
        (own,) = issued(workshop_with(1)[0])
        told = checked(sealing.sheet_of(own))
        assert (told.intact, told.valid, told.trusted, told.bottom_line) == (True, True, True, True)
        assert (told.coverage.name, told.modification_level.name) == ("ENTIRE_FILE", "NONE")
        assert b"/ETSI.CAdES.detached" in sealing.sheet_of(own)

    def test_the_seal_changes_nothing_by_which_the_sheet_is_an_archives_file(self, key):
        """What ISO 19005-2 (PDF/A-2b) asks of that which is added; of what was there before not a byte is replaced but two dictionaries."""
        (own,) = issued(workshop_with(1)[0])
        sheet, sealed = layout.pdf(own.snapshot), sealing.sheet_of(own)
        before, after = PdfFileReader(BytesIO(sheet)), PdfFileReader(BytesIO(sealed))
        page, old_page = after.root["/Pages"]["/Kids"][0], before.root["/Pages"]["/Kids"][0]
        assert sealed.startswith(sheet)
        replaced = {int(number) for number in re.findall(rb"(?m)^(\d+) 0 obj", sealed[len(sheet) :])} & _numbers(before)
        assert replaced == {before.root_ref.idnum, before.root["/Pages"]["/Kids"].raw_get(0).idnum}
        assert {name for name in after.root if _as_bytes(after.root, name) != _as_bytes(before.root, name)} == {
            "/AcroForm", "/Extensions", "/Perms",
        }  # fmt: skip
        assert {name for name in page if _as_bytes(page, name) != _as_bytes(old_page, name)} == {"/Annots"}
        assert b"<pdfaid:part>2</pdfaid:part>" in after.root["/Metadata"].data  # 6.6.4
        field = page["/Annots"][0]
        assert len(page["/Annots"]) == 1
        assert field["/F"] & 4 and not field["/F"] & 0b100011  # 6.3.2: printed, not hidden
        assert [float(side) for side in field["/Rect"]] == [0, 0, 0, 0]  # 6.3.3: it needs no appearance
        assert not {"/A", "/AA"} & set(field) and not {"/NeedAppearances", "/XFA"} & set(after.root["/AcroForm"])  # 6.4, 6.5
        assert set(after.root["/Perms"]) == {"/DocMDP"}  # 6.1.12
        reference = field["/V"]["/Reference"][0]
        assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference)
        message = cms.ContentInfo.load(bytes(field["/V"]["/Contents"]))["content"]  # 6.4.3
        assert len(message["signer_infos"]) == 1 and len(message["certificates"]) >= 1
        assert field["/TU"] == "Electronic seal"  # ISO 14289-1 (PDF/UA), 7.18.1
        assert "/Encrypt" not in after.trailer_view and after.trailer_view["/ID"][0] == before.trailer_view["/ID"][0]

    @pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.75])
    def test_one_turned_bit_anywhere_in_the_sheet_makes_the_seal_invalid(self, key, part):
        (own,) = issued(workshop_with(1)[0])
        sealed = bytearray(sealing.sheet_of(own))
        sealed[int(len(layout.pdf(own.snapshot)) * part)] ^= 1
        try:
            told = checked(bytes(sealed))
        except PdfError:  # the file is no PDF any more
            return
        assert not told.bottom_line

    def test_another_name_under_the_same_seal_is_invalid(self, key):
        (own,) = issued(workshop_with(1)[0])
        sheet, sealed = layout.pdf(own.snapshot), sealing.sheet_of(own)
        other = layout.pdf({**own.snapshot, "name": "นายปลอม ทดสอบ"})
        try:
            told = checked(other + sealed[len(sheet) :])
        except PdfError:  # its offsets lie elsewhere
            return
        assert not told.bottom_line

    def test_a_change_that_is_added_behind_the_seal_makes_it_invalid(self, key):
        (own,) = issued(workshop_with(1)[0])
        changed = IncrementalPdfFileWriter(BytesIO(sealing.sheet_of(own)))
        changed.root["/Lang"] = generic.pdf_string("xx")
        changed.update_root()
        file = BytesIO()
        changed.write(file)
        told = checked(file.getvalue())
        assert (told.bottom_line, told.coverage.name) == (False, "ENTIRE_REVISION")

    def test_the_same_bytes_each_time(self, key):
        (own,) = issued(workshop_with(1)[0])
        assert sealing.sheet_of(own) == sealing.sheet_of(Certificate.objects.get(pk=own.pk))

    def test_the_sheet_below_the_seal_is_the_sheet_without_one(self, key):
        (own,) = issued(workshop_with(1)[0])
        assert sealing.sheet_of(own).startswith(layout.pdf(own.snapshot))


class TestOrder:
    def test_nobody_gets_a_sheet_or_a_mail_before_the_seal(self, key, monkeypatch):
        workshop, _people = workshop_with(3)
        run = actions.order_issue(workshop=workshop, by=STAFF)

        def dies(*args):
            raise KeyboardInterrupt

        monkeypatch.setattr(actions, "_seal", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.issue(run_id=run.pk)
        assert (Certificate.objects.count(), mails(), Certificate.objects.given_out().count()) == (3, 0, 0)
        with pytest.raises(sealing.NotSealed):
            sealing.sheet_of(Certificate.objects.first())
        monkeypatch.undo()
        later = run.ordered_at + dt.timedelta(hours=1)
        assert actions.left_by_workers(later) == [run.pk]
        actions.issue(run_id=run.pk, at=later)
        assert (Certificate.objects.given_out().count(), CertificateSeal.objects.count(), mails()) == (3, 3, 3)

    def test_a_worker_that_dies_between_two_seals_leaves_each_sealed_once(self, key, monkeypatch):
        workshop, _people = workshop_with(5)
        run = actions.order_issue(workshop=workshop, by=STAFF)
        monkeypatch.setattr(actions, "SEALED_AT_ONCE", 2)
        renew, calls = actions.jobs.renew, []

        def dies(job, **columns):
            calls.append(columns)
            if CertificateSeal.objects.count() >= 2:
                raise KeyboardInterrupt
            renew(job, **columns)

        monkeypatch.setattr(actions.jobs, "renew", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.issue(run_id=run.pk)
        assert CertificateSeal.objects.count() == 2
        monkeypatch.setattr(actions.jobs, "renew", renew)
        actions.issue(run_id=run.pk, at=run.ordered_at + dt.timedelta(hours=1))
        assert (CertificateSeal.objects.count(), mails()) == (5, 5)
        assert all(is_valid(sealing.sheet_of(each)) for each in Certificate.objects.all())

    def test_where_time_is_short_the_next_task_goes_on(self, key, monkeypatch):
        monkeypatch.setattr(actions, "SEALED_AT_ONCE", 2)
        workshop, _people = workshop_with(5)
        run = actions.order_issue(workshop=workshop, by=STAFF)
        assert actions.issue(run_id=run.pk, seconds=0.0001) == 5
        run.refresh_from_db()
        assert (run.state, CertificateSeal.objects.count(), mails()) == ("running", 2, 2)
        assert actions.left_by_workers(run.ordered_at) == [run.pk], "nobody is at it"
        for _again in range(2):
            actions.issue(run_id=run.pk, seconds=0.0001)
        run.refresh_from_db()
        assert (run.state, CertificateSeal.objects.count(), mails()) == ("done", 5, 5)

    def test_a_corrected_one_waits_for_a_seal_of_its_own(self, key):
        (own,) = issued(workshop_with(1)[0])
        corrected = actions.correct_name(certificate=own, name="นายแก้ไข ทดสอบ", by=STAFF)
        assert corrected.awaits_seal and verified(corrected.token).standing == "valid"
        (run_id,) = actions.left_by_workers(corrected.issued_at)
        assert actions.left_by_workers(corrected.issued_at) == []
        actions.issue(run_id=run_id)
        corrected.refresh_from_db()
        assert is_valid(sealing.sheet_of(corrected)) and CertificateRun.objects.get(pk=run_id).state == "done"
        assert Delivery.objects.filter(key__endswith="edition-2").count() == 1

    def test_another_typst_makes_other_bytes_and_they_are_sealed_anew_without_a_second_mail(self, key, monkeypatch):
        (own,) = issued(workshop_with(1)[0])
        CertificateSeal.objects.update(sheet_digest="0" * 64)
        with pytest.raises(sealing.NotSealed):
            sealing.sheet_of(own)
        assert actions.seal_anew(certificate=own)
        for run_id in actions.left_by_workers(own.issued_at):
            actions.issue(run_id=run_id)
        own.refresh_from_db()
        assert is_valid(sealing.sheet_of(own)) and mails() == 1

    def test_one_issued_before_the_office_had_a_key_stays_as_it_is(self, settings, tmp_path):
        (own,) = issued(workshop_with(1)[0])
        before = sealing.sheet_of(own)
        settings.CERTIFICATE_SEAL = str(tmp_path / "later.p12")
        assert actions.left_by_workers(own.issued_at) == [] and sealing.sheet_of(own) == before

    def test_where_the_key_is_taken_away_what_waits_goes_out_without(self, key, settings):
        (own,) = issued(workshop_with(1)[0])
        corrected = actions.correct_name(certificate=own, name="นายแก้ไข ทดสอบ", by=STAFF)
        settings.CERTIFICATE_SEAL = ""
        for run_id in actions.left_by_workers(own.issued_at):
            actions.issue(run_id=run_id)
        corrected.refresh_from_db()
        assert sealing.sheet_of(corrected) == layout.pdf(corrected.snapshot)
        assert Delivery.objects.filter(key__endswith="edition-2").count() == 1

    def test_at_the_persons_wish_the_seal_goes_with_the_name(self, key):
        workshop, (person,) = workshop_with(1)
        issued(workshop)
        actions.remove_names(participants=[person.pk], at=person.registered_at)
        assert CertificateSeal.objects.count() == 0


class TestKey:
    @pytest.mark.parametrize(
        ("password", "content", "fault"),
        [
            ("wrong", seal_keys.p12, "unreadable"),
            (seal_keys.PASSWORD, lambda: b"no key at all", "unreadable"),
            (seal_keys.PASSWORD, lambda: seal_keys.p12(dt.datetime(2021, 1, 1, tzinfo=dt.UTC)), "expired"),
        ],
    )
    def test_a_key_that_cannot_seal_lets_the_order_wait_and_says_why(self, key, settings, password, content, fault):
        key.write_bytes(content())
        settings.CERTIFICATE_SEAL_PASSWORD = password
        workshop, _people = workshop_with(1)
        assert issued(workshop)[0].awaits_seal
        run = CertificateRun.objects.get()
        assert (run.state, run.fault, mails()) == ("running", fault, 0)
        key.write_bytes(seal_keys.p12())
        settings.CERTIFICATE_SEAL_PASSWORD = seal_keys.PASSWORD
        assert actions.left_by_workers(run.leased_until) == [run.pk]
        actions.issue(run_id=run.pk, at=run.leased_until)
        run.refresh_from_db()
        assert (run.state, run.fault, mails()) == ("done", "", 1)

    def test_a_file_that_is_not_there_is_no_key(self, settings, tmp_path):
        settings.CERTIFICATE_SEAL, settings.CERTIFICATE_SEAL_PASSWORD = str(tmp_path / "none.p12"), "x"
        with pytest.raises(sealing.SealKeyFault, match="unreadable"):
            sealing.key()

    def test_without_a_key_nothing_of_it_is_loaded(self):
        program = (
            "import django, sys; django.setup()\n"
            "from django.urls import get_resolver; get_resolver().url_patterns\n"
            "import registration.operations.tasks, registration.certificates.sealing\n"
            "print([name for name in sys.modules if name.split('.')[0] in ('pyhanko', 'pyhanko_certvalidator', 'asn1crypto')])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=django_settings.BASE_DIR,
            env={"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "PATH": "", "CERTIFICATE_SEAL": ""},
        )  # fmt: skip
        assert done.stdout.strip() == "[]"
