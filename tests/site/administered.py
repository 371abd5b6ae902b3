"""What the administrators' pages are about, once for each world."""

from __future__ import annotations

import secrets
from datetime import date

from guatu.files.services import remember_mapping
from guatu.journal.models import Checkpoint
from guatu.journal.services import Act
from guatu.notices.models import Channel, Message
from guatu.notices.types import ChannelKind, MessageState
from guatu.organisation.models import Assignment, Holiday, KindProposal, Person, User
from guatu.organisation.types import Role, UserKind
from tests.factories import SINCE


def administered(act: Act, word: str, organisation_id: int, region_id: int) -> dict[str, int]:
    """One of each thing that the pages of 系统 are about; their ids."""
    salt = secrets.token_hex(16)
    person = Person(name=f"{word}联系人", organisation_id=organisation_id, salt=salt)
    act.write(person)
    user = User(
        login=f"{word}账号",
        organisation_id=organisation_id,
        person=person,
        password="!",
        salt=salt,
    )
    act.write(user)
    assignment = Assignment(
        user=user,
        role=Role.REPORTER,
        scope_organisation_id=organisation_id,
        valid_from=SINCE,
        granted_by="console",
    )
    act.write(assignment)
    proposal = KindProposal(user=user, kind=UserKind.AUDIT, by="sysadmin", by_user_id=0, at=act.at)
    act.write(proposal)
    holiday = Holiday(day=date(2026, 1, organisation_id % 28 + 1), is_workday=True, note=word)
    act.write(holiday)
    mapping = remember_mapping(act, sender=word, columns='{"columns": {}, "sheet": {}}')
    checkpoint = Checkpoint(seq=1, hash="0" * 64, printed_on=word)
    act.write(checkpoint)
    channel = Channel(
        name=f"{word}邮箱",
        kind=ChannelKind.MAIL,
        organisation_id=organisation_id,
        address="zdb@example.gov.cn",
        salt=salt,
    )
    act.write(channel)
    message = Message(
        organisation_id=organisation_id,
        channel=channel,
        subject=f"{word}催报",
        text=word,
        state=MessageState.FAILED,
        next_at=act.at,
        by="office",
        at=act.at,
    )
    act.write(message)
    return {
        "channel_id": channel.pk,
        "message_id": message.pk,
        "user_id": user.pk,
        "person_id": person.pk,
        "region_id": region_id,
        "assignment_id": assignment.pk,
        "proposal_id": proposal.pk,
        "holiday_id": holiday.pk,
        "mapping_id": mapping.pk,
        "checkpoint_id": checkpoint.pk,
        "seq": 1,
    }
