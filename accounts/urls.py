"""Signing in and out at the addresses of contract.md; nobody signs up."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from . import views

urlpatterns = [
    path("masuk/", login_not_required(account.login), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("masuk/ulang/", account.reauthenticate, name="account_reauthenticate"),
    path("masuk/lupa/", login_not_required(account.password_reset), name="account_reset_password"),
    path(
        "masuk/lupa/terkirim/",
        login_not_required(account.password_reset_done),
        name="account_reset_password_done",
    ),
    # The key holds a hyphen of its own: the first one ends the person's part.
    re_path(
        r"^masuk/lupa/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "masuk/lupa/selesai/",
        login_not_required(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("masuk/kata-sandi/", account.password_change, name="account_change_password"),
    path("masuk/tidak-aktif/", login_not_required(account.account_inactive), name="account_inactive"),
    path("masuk/faktor-kedua/", login_not_required(mfa.authenticate), name="mfa_authenticate"),
    path("masuk/faktor-kedua/ulang/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("masuk/faktor-kedua/atur/", mfa.index, name="mfa_index"),
    path("masuk/faktor-kedua/atur/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("masuk/faktor-kedua/atur/aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("masuk/faktor-kedua/kode-cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "masuk/faktor-kedua/kode-cadangan/baru/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "masuk/faktor-kedua/kode-cadangan/unduh/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("masuk/akun-baru/", views.who_gets_an_account, name="account_signup"),
    path("undangan/<str:secret>/", views.accept_invitation, name="accept_invitation"),
]
