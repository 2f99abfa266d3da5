"""The demo district: believable, and its counters true."""

from itertools import pairwise

from demo.community import CommunityTalk
from demo.texts import topics
from tenants.db import Database
from tests.street import Make

COUNTERS = {
    "comments of posts": """select count(*) from tenant.post p where comment_count <> (select count(*)
        from tenant.comment c where c.post_id = p.id and c.state = 'PUBLISHED')""",
    "reactions of posts": """select count(*) from tenant.post p where reaction_count <> (select count(*)
        from tenant.reaction r where r.subject_id = p.id)""",
    "replies": """select count(*) from tenant.comment c where reply_count <> (select count(*)
        from tenant.comment r where r.parent_id = c.id and r.state = 'PUBLISHED')""",
    "reactions of comments": """select count(*) from tenant.comment c where reaction_count <> (
        select count(*) from tenant.reaction r where r.subject_id = c.id)""",
    "copied states": """select count(*) from tenant.comment c join tenant.post p on p.id = c.post_id
        where c.post_state <> p.state""",
    "reports": """select count(*) from tenant.moderation_case m where report_count <> (select count(*)
        from tenant.report r where r.case_id = m.id)""",
    "counts of the community": """select count(*) from tenant.community_count n
        where members <> (select count(*) from tenant.member where state = 'ACTIVE')
           or posts <> (select count(*) from tenant.post where state = 'PUBLISHED')
           or comments <> (select count(*) from tenant.comment where state = 'PUBLISHED')""",
}


async def test_what_is_counted_is_there(make: Make, database: Database) -> None:
    elm = await make.community()
    async with make.inside(elm.key) as connection:
        await CommunityTalk(elm.key, elm.boards, is_lively=True, ring=database.ring).write(
            connection
        )

    assert await make.value(elm, "select count(*) from tenant.member") > 300
    for what, query in COUNTERS.items():
        assert await make.value(elm, query) == 0, what


async def test_the_same_community_is_invented_the_same_way_twice(
    make: Make, database: Database
) -> None:
    elm = await make.community()
    once, again = (
        CommunityTalk(elm.key, elm.boards, is_lively=False, ring=database.ring) for _ in range(2)
    )
    for talk in (once, again):
        talk.invent()

    assert once.rows == again.rows


def test_every_topic_has_comments() -> None:
    assert all(topic.comments for listed in topics().values() for topic in listed)


async def test_no_topic_comes_twice_in_a_row(make: Make, database: Database) -> None:
    elm = await make.community()
    talk = CommunityTalk(elm.key, elm.boards, is_lively=True, ring=database.ring)
    for listed in topics().values():
        dealt = talk._deal(listed)
        said = [next(dealt) for _ in range(4 * len(listed))]
        assert all(one is not other for one, other in pairwise(said))
        assert len(set(said[: len(listed)])) == len(listed)
