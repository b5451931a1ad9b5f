"""The contract's table of roles, written by hand: the code's table must say the same, no more and no less."""

import pytest

from accounts.roles import MAY, Right, Role

FROM_THE_CONTRACT = {
    "dinas": {"keep_registry", "nominate", "object"},
    "provinsi": {"endorse", "register_dinas", "keep_registry", "nominate", "object"},
    "sekretariat": {"run_round", "keep_messages", "screen", "assign", "draft_decree", "keep_accounts"},
    "penilai": {"score", "visit"},
    "ketua": {"lead_plenary", "reopen_score"},
    "penetap": {"sign_decree"},
    "auditor": {"read_all"},
    "admin": {"keep_accounts", "operate"},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_the_table_in_the_code_is_the_contracts(role, right):
    assert (right in MAY[role]) is (right.value in FROM_THE_CONTRACT[role.value])


def test_nobody_both_prepares_and_decides():
    for rights in MAY.values():
        assert not {Right.SCREEN, Right.LEAD_PLENARY} <= rights
        assert not {Right.DRAFT_DECREE, Right.SIGN_DECREE} <= rights
        assert not {Right.SCORE, Right.LEAD_PLENARY} <= rights


def test_the_auditor_only_reads():
    assert MAY[Role.AUDITOR] == {Right.READ_ALL}
