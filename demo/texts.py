"""Invented people write these posts: templates from talk.toml, with their slots filled."""

import random
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEED = 2017  # the year in which 社区通 began
_TALK = Path(__file__).parent / "data" / "talk.toml"
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
)
_TITLES = ("阿姨", "老师", "大姐", "师傅", "爷叔", "伯伯", "妈妈", "爸爸", "奶奶", "先生")
_NICKNAMES = (
    "爱养花的{}", "早起跑步的{}", "{}家小宝", "小{}", "老{}", "阿{}", "{}同学", "钓鱼的{}", "种菜的{}", "楼上的{}",
)  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """It is one post that can be written, and the comments that neighbours may add."""

    title: str
    body: str
    comments: tuple[str, ...]


@cache
def topics() -> dict[str, list[Topic]]:
    """Return the topics of each board by its slug."""
    return {
        slug: [Topic(t["title"], t["body"], tuple(t["comments"])) for t in listed]
        for slug, listed in tomllib.loads(_TALK.read_text()).items()
    }


def display_name(chance: random.Random) -> str:
    """Invent a neighbour's display name."""
    surname = chance.choice(_SURNAMES)
    if chance.random() < 0.5:
        return surname + chance.choice(_TITLES)
    return chance.choice(_NICKNAMES).format(surname)


def invented_name(chance: random.Random) -> str:
    """Invent a real name."""
    return chance.choice(_SURNAMES) + "".join(chance.sample("安宁和睦善美福康", 2))


def official_name(chance: random.Random, roles: Collection[str]) -> str:
    """Invent the display name of a member who holds an office."""
    titles = ("书记",) if "PARTY_SECRETARY" in roles else ("主任", "委员", "老师")
    return chance.choice(_SURNAMES) + chance.choice(titles)


def slots(chance: random.Random) -> dict[str, str]:
    """Choose the values of the slots in one post and its comments."""
    return {
        "b": f"{chance.randint(1, 38)}号楼",
        "d": f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日",
        "t": chance.choice(("八", "九", "十")),
        "n": str(chance.randint(5, 60)),
        "m": str(chance.randint(6, 90) * 10),
    }
