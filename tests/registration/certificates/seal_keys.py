"""A certification authority and keys of our own making, as a .p12 holds them."""

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "สมมุติ-secret"
BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(**allowed):
    names = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
    names += " encipher_only decipher_only"
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names.split()})


def _certificate(subject, issuer, key, signing_key, *, is_authority, until=END, is_for=None):
    usage = {"key_cert_sign": True, "crl_sign": True} if is_authority else {"digital_signature": True, "content_commitment": True}
    builder = x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer)).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(BEGIN).not_valid_after(until)
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), True).add_extension(_usage(**usage), True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([is_for]), True) if is_for else builder
    return builder.sign(signing_key, hashes.SHA256())


@cache
def _keys():
    return tuple(rsa.generate_private_key(public_exponent=65537, key_size=2048) for _n in range(2))


@cache
def authority():
    key = _keys()[0]
    return _certificate("Authority of the tests", "Authority of the tests", key, key, is_authority=True)


def authority_der() -> bytes:
    return authority().public_bytes(Encoding.DER)


def p12(until=END) -> bytes:
    """The invented office's key, with its certificate of the invented authority."""
    own = _certificate("Invented office", "Authority of the tests", _keys()[1], _keys()[0], is_authority=False, until=until)
    locked = BestAvailableEncryption(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(b"seal", _keys()[1], own, [authority()], locked)


def time_stamping() -> tuple[bytes, bytes]:
    """An invented authority that stamps time, by the same root: its certificate and its key, as DER."""
    own = _certificate(
        "Invented time", "Authority of the tests", _keys()[1], _keys()[0], is_authority=False, is_for=ExtendedKeyUsageOID.TIME_STAMPING
    )
    return own.public_bytes(Encoding.DER), _keys()[1].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
