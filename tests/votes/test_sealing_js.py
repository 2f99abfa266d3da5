"""The mini-program seals the same bytes as the server's Python, also in a world as poor as a phone's."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from tenants.votes import sealing
from tenants.votes.sealing import Keys
from tests.npm import Npm

HERE = Path(__file__).parents[2] / "examples" / "miniprogram"
BUILD = HERE / "build" / "js" / "miniprogram"
VENDOR = HERE / "miniprogram" / "vendor"
# what WeChat gives a mini-program on a poor phone: no module but one's own, no crypto, no BigInt
_BARE = """
const vm = require('node:vm'), fs = require('node:fs'), path = require('node:path');
const world = vm.createContext({});
vm.runInContext('delete globalThis.BigInt; delete globalThis.WebAssembly; delete globalThis.SharedArrayBuffer', world);
const kept = {};
function load(file) {
  if (kept[file]) return kept[file].exports;
  const module = kept[file] = { exports: vm.runInContext('({})', world) };
  const named = (name) => load(path.resolve(path.dirname(file), name.endsWith('.js') ? name : name + '.js'));
  const text = `(function (module, exports, require) {${fs.readFileSync(file, 'utf8')}})`;
  vm.runInContext(text, world)(module, module.exports, named);
  return module.exports;
}
const sealing = load(path.resolve(process.argv[2])), cases = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
world.cases = JSON.stringify(cases);
world.sealing = sealing;
process.stdout.write(vm.runInContext(`JSON.stringify(JSON.parse(cases).map(function (each) {
  const seed = Uint8Array.from(each.seed), ballot = sealing.sealed(each.notice, seed, each.marks);
  return { sealed: Array.from(ballot), leaf: sealing.leaf(ballot), hash: sealing.hashOf(ballot),
           number: sealing.number(seed), listed: sealing.listed(seed, each.marks) };
}))`, world));
"""


@pytest.fixture(scope="module")
def npm() -> Npm:
    """Give the mini-program's packages and its TypeScript, compiled."""
    here = Npm(HERE)
    here.install()
    here("npm", "run", "build", "--silent")
    return here


def test_fifty_ballots_are_the_same_bytes_in_both(npm: Npm, tmp_path: Path) -> None:
    chance = Random(20261129)
    cases: list[dict[str, object]] = []
    expected: list[dict[str, object]] = []
    for number in range(50):
        secrets = [chance.randbytes(32) for _ in range(3)]
        first, second, third = (sealing.public_key(secret) for secret in secrets)
        keys: Keys = (first, second, third)
        # lengths around the blocks of SHA-256, and characters of one to four bytes
        text = "充电桩𠮷é" * (number % 5) + "x" * (50 + number)
        body = json.dumps(
            {"holders": [{"seal": key.hex()} for key in keys], "question": text}, ensure_ascii=False
        )
        notice = sha256(body.encode()).digest()
        seed, marks = chance.randbytes(32), [chance.randrange(4) for _ in range(1 + number % 20)]
        ballot = sealing.sealed(notice, keys, seed, bytes(marks))
        cases.append({"notice": body, "seed": list(seed), "marks": marks})
        expected.append(
            {
                "sealed": list(ballot), "leaf": sealing.leaf(ballot).hex(),
                "hash": sealing.hash_of(ballot).hex(), "number": sealing.number(seed).hex(),
                "listed": (sealing.number(seed) + bytes(marks)).hex(),
            }
        )  # fmt: skip
    program, given = tmp_path / "bare.js", tmp_path / "cases.json"
    program.write_text(_BARE)
    given.write_text(json.dumps(cases))
    found = npm("node", program, BUILD / "lib" / "sealing.js", given)
    assert json.loads(found) == expected
    assert len(b64encode(bytes(expected[0]["sealed"]))) == 640  # type: ignore[arg-type] # numbers


def test_the_libraries_are_as_they_were_released(npm: Npm) -> None:
    before = {path.name: path.read_bytes() for path in VENDOR.glob("*.js")}
    npm("npm", "run", "vendor", "--silent")
    assert {path.name: path.read_bytes() for path in VENDOR.glob("*.js")} == before
    assert sorted(before) == ["blake2b.js", "nacl.js", "util.js"]
    assert b"require(" not in before["nacl.js"]
