"""Forms of the accounts: setting the first password, inviting."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm

from .models import Office, Person
from .roles import Role


class FirstPasswordForm(SetPasswordForm):
    """The password that an invited person sets; the same rules as for every other password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "Kata sandi baru"
        self.fields["new_password2"].label = "Ulangi kata sandi baru"


class InvitationForm(forms.Form):
    email = forms.EmailField(label="Email")
    title_before = forms.CharField(
        label="Gelar depan", max_length=40, required=False, help_text="Misalnya Dr., Ir., Hj."
    )
    name = forms.CharField(
        label="Nama", max_length=120, help_text="Nama lengkap tanpa gelar; satu kata pun boleh."
    )
    title_after = forms.CharField(
        label="Gelar belakang", max_length=60, required=False, help_text="Misalnya S.E., M.M."
    )
    role = forms.ChoiceField(label="Peran")
    office = forms.ModelChoiceField(
        label="Kantor", queryset=Office.objects.none(), empty_label="Pilih kantor"
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from .people import may_invite_to, roles_to_give

        self.fields["office"].queryset = may_invite_to(by)
        self.fields["role"].choices = [(role.value, role.label) for role in roles_to_give(by)]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
