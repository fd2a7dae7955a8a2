"""A second reader of the books, written from docs/PROOFS.md alone and with nothing but Python's own library.

    python3 verify.py PUBLIC-KEY.pem DIRECTORY...

Prints `DIRECTORY: sound`, or what is wrong first. Exit code 0: all are sound; 1: some are not.
"""

import base64
import hashlib
import json
import os
import re
import sys
from datetime import datetime, timedelta


class Wrong(Exception):
    pass


def require(condition, says):
    if not condition:
        raise Wrong(says)


# --- Ed25519, RFC 8032 section 5.1 -----------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    require(y < P, "no point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    require((x * x - square) % P == 0 and not (x == 0 and sign == 1), "no point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
KEY_HEAD = bytes.fromhex("302a300506032b6570032100")


def bytes_of(text, length):
    decoded = base64.b64decode(text, validate=True)
    require(base64.b64encode(decoded).decode() == text and len(decoded) == length, "not base64")
    return decoded


def is_signed_by(value, signature, public_key):
    key = bytes_of(public_key, 44)
    require(key[:12] == KEY_HEAD, "no Ed25519 key")
    signed = bytes_of(signature, 64)
    r, s = signed[:32], int.from_bytes(signed[32:], "little")
    if s >= ORDER:
        return False
    digest = hashlib.sha512(r + key[12:] + canonical(value).encode()).digest()
    left = times(s, BASE)
    right = add(point_of(r), times(int.from_bytes(digest, "little") % ORDER, point_of(key[12:])))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- How things are written ------------------------------------------------------------------------------------------


def utf16(text):
    return text.encode("utf-16-be")


def text_of(string):
    return json.dumps(string, ensure_ascii=False)


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: utf16(member[0]))
        return "{" + ",".join(f"{text_of(name)}:{canonical(member)}" for name, member in members) + "}"
    require(isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53, f"{value} is no such number")
    return str(value)


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def without(value, *names):
    return {name: member for name, member in value.items() if name not in names}


def has(value, *names, optional=()):
    require(isinstance(value, dict) and set(names) <= set(value) <= set(names) | set(optional), f"not {names}")


INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{64}")


def day_of(instant):
    require(INSTANT.fullmatch(instant), f"{instant} is no instant")
    return (datetime.strptime(instant, "%Y-%m-%dT%H:%M:%S.%fZ") + timedelta(hours=7)).strftime("%Y-%m-%d")


def day_after(day):
    return (datetime.strptime(day, "%Y-%m-%d") + timedelta(days=1)).strftime("%Y-%m-%d")


# --- A chain per facility --------------------------------------------------------------------------------------------


def owner_of(account):
    return account[: account.rindex(":")] if account.startswith("maker:") else ""


def part_hash(entries, salt):
    return sha256(canonical({"entries": sorted(entries, key=lambda entry: utf16(canonical(entry))), "salt": salt}))


def facts_of(row, previous):
    secret = f"{row['eventId']} {row['correlationId']}"
    origin = f"{secret} {row['source']}" + ("" if row["memory"] is None else "\n" + row["memory"])
    by_owner = {}
    for entry in row["entries"]:
        by_owner.setdefault(owner_of(entry[0]), []).append(entry)
    digits = "".join(
        hashlib.sha512(f"{secret} {block}".encode()).hexdigest() for block in range((len(by_owner) + 3) // 4)
    )
    owners = sorted(by_owner, key=utf16)
    return {
        **without(row, "eventId", "correlationId", "source", "memory", "entries", "hash"),
        "format": "pasindo.journal.v1",
        "origin": sha256(origin),
        "parts": [part_hash(by_owner[owner], digits[32 * n : 32 * n + 32]) for n, owner in enumerate(owners)],
        "previous": previous,
    }


def facts_hash(facts):
    return sha256(b"\0" + canonical(facts).encode())


FACTS = ("agreement", "facilityId", "journalId", "kind", "number", "occurredAt", "postedOn", "recordedAt", "reverses",
         "sourceReference")  # fmt: skip


def check_journals(rows):
    """The hash of each by facility and number."""
    hashes, before = {}, {}
    for row in rows:
        has(row, *FACTS, "eventId", "correlationId", "source", "memory", "entries", "hash")
        facility, number = row["facilityId"], row["number"]
        name = f"journal {facility} {number}"
        require(UUID.fullmatch(row["eventId"]) and UUID.fullmatch(row["correlationId"]), f"{name}: its ids")
        last = before.get(facility, {"number": 0, "hash": None, "recordedAt": ""})
        require(number == last["number"] + 1, f"{name} is missing, or another is before it")
        require(row["recordedAt"] >= last["recordedAt"], f"{name} is recorded before the one before it")
        require(facts_hash(facts_of(row, last["hash"])) == row["hash"], f"{name} is not what was hashed")
        require(sum(entry[3] for entry in row["entries"]) == 0, f"{name} does not balance")
        hashes[facility, number] = row["hash"]
        before[facility] = row
    return hashes


# --- What people decided ---------------------------------------------------------------------------------------------


def check_changes(changes, rows):
    """The hash of each by number."""
    hashes, last, previous = {}, {}, b""
    for number, change in enumerate(changes, 1):
        has(change, "number", "table", "key", "rowHash", "changedAt", "hash")
        fields = [change[name] for name in ("number", "table", "key", "rowHash", "changedAt")]
        hashed = sha256(previous + ("[" + ", ".join(map(canonical, fields)) + "]").encode())
        require(change["number"] == number and change["hash"] == hashed, f"change {number} is not what was hashed")
        previous = bytes.fromhex(hashed)
        hashes[number] = hashed
        last[change["table"], change["key"]] = change["rowHash"]
    stored = {}
    for row in rows:
        has(row, "table", "key", "row")
        require((row["table"], row["key"]) not in stored, "a row stands twice")
        stored[row["table"], row["key"]] = sha256(row["row"])
    for name in sorted(set(last) | set(stored)):
        require(last.get(name) is not None and last.get(name) == stored.get(name), f"{name} is not as it was left")
    return hashes


# --- The keys that seal ----------------------------------------------------------------------------------------------


def place_of(key):
    return without(key, "handover", "signature")


def trusted_keys(keys, trusted):
    """The public keys of a list that somebody can trust who trusts one."""
    given = []
    for index, key in enumerate(keys):
        has(key, "format", "from", "handover", "number", "previous", "publicKey", "signature")
        before = keys[index - 1] if index > 0 else None
        place, name = place_of(key), f"key {index + 1}"
        require(key["format"] == "pasindo.key.v1" and key["number"] == index + 1, f"{name}: its number")
        require(key["previous"] == (sha256(canonical(place_of(before))) if before else None), f"{name}: the key before")
        require(before is None or before["from"] < key["from"], f"{name}: its day")
        require(key["signature"] is None or is_signed_by(place, key["signature"], key["publicKey"]), f"{name}: signature")
        if key["handover"] is not None:
            require(before and is_signed_by(place, key["handover"], before["publicKey"]), f"{name}: handover")
        given.append(key["publicKey"] == trusted or (index > 0 and given[-1] and key["handover"] is not None))
    vouching = [index for index, key in enumerate(keys) if given[index] and key["signature"] is not None]
    last = vouching[-1] if vouching else -1
    return {trusted} | {key["publicKey"] for index, key in enumerate(keys) if given[index] or index < last}


def key_of_day(keys, day):
    sealing = [key["publicKey"] for key in keys if key["from"] <= day]
    require(sealing, f"no key seals {day}")
    return sealing[-1]


# --- A seal per day --------------------------------------------------------------------------------------------------


def node(left, right):
    return sha256(b"\1" + bytes.fromhex(left) + bytes.fromhex(right))


def merkle_root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def seal_hash(seal):
    return sha256(canonical(without(seal, "signature")))


def check_signed_seal(seal, public_key):
    has(seal, "date", "format", "journals", "previous", "publicKey", "root", "signature", optional=["changes"])
    require(seal["format"] == "pasindo.seal.v1", "no seal")
    require(seal["publicKey"] == public_key, f"seal {seal['date']} is not of the key of its day")
    require(is_signed_by(without(seal, "signature"), seal["signature"], public_key), f"seal {seal['date']}: signature")


def check_seals(seals, keys, trusted, journals, changes):
    leaves = {}
    for row in sorted(journals, key=lambda row: (row["facilityId"].encode(), row["number"])):
        leaves.setdefault(day_of(row["recordedAt"]), []).append(row["hash"])
    before = None
    for seal in seals:
        day = seal["date"]
        check_signed_seal(seal, key_of_day(keys, day))
        require(seal["publicKey"] in trusted, f"seal {day} is of a key that is not trusted")
        require(before is None or day == day_after(before["date"]), f"there is a gap before seal {day}")
        require(seal["previous"] == (seal_hash(before) if before else None), f"seal {day} names another before it")
        require(seal["journals"] == len(leaves.get(day, [])), f"seal {day} is of {seal['journals']} journals")
        require(seal["root"] == merkle_root(leaves.get(day, [])), f"seal {day} is of other journals")
        if "changes" in seal:
            has(seal["changes"], "number", "hash")
            require(changes.get(seal["changes"]["number"]) == seal["changes"]["hash"], f"seal {day}: changes")
        before = seal
    require(not seals or min(leaves, default=seals[0]["date"]) >= seals[0]["date"], "a journal is before all seals")


# --- A checkpoint ----------------------------------------------------------------------------------------------------


def check_checkpoint(checkpoint, trusted, hashes, changes, seals):
    has(checkpoint, "at", "changes", "format", "heads", "publicKey", "seal", "signature")
    require(checkpoint["format"] == "pasindo.checkpoint.v1" and checkpoint["publicKey"] in trusted, "checkpoint: key")
    signed = without(checkpoint, "signature")
    require(is_signed_by(signed, checkpoint["signature"], checkpoint["publicKey"]), "checkpoint: signature")
    for head in checkpoint["heads"]:
        at = head["facilityId"], head["number"]
        require(hashes.get(at) == head["hash"], f"journal {at} was another one, or was cut off")
    last, seal = checkpoint["changes"], checkpoint["seal"]
    require(last is None or changes.get(last["number"]) == last["hash"], "a change was another one, or was cut off")
    sealed = {each["date"]: seal_hash(each) for each in seals}
    require(seal is None or sealed.get(seal["date"]) == seal["hash"], "a seal was another one, or was cut off")


# --- A maker's statement ---------------------------------------------------------------------------------------------


def root_of_path(leaf, index, size, path):
    require(0 <= index < size, "no such leaf")
    position, last, root = index, size - 1, leaf
    for sibling in path:
        require(last != 0, "the path is too long")
        if position % 2 == 1 or position == last:
            root = node(sibling, root)
            while position % 2 == 0 and position != 0:
                position, last = position >> 1, last >> 1
        else:
            root = node(root, sibling)
        position, last = position >> 1, last >> 1
    require(last == 0, "the path is too short")
    return root


def check_statement(issued, trusted_key):
    has(issued, "publicKey", "signature", "statement")
    statement = issued["statement"]
    has(statement, "format", "makerId", "currency", "from", "to", "issuedAt", "opening", "closing", "lines", "journals",
        "seals", optional=["keys"])  # fmt: skip
    require(statement["format"] == "pasindo.statement.v1" and statement["currency"] == "IDR", "no statement")
    keys = statement.get("keys", [])
    trusted = trusted_keys(keys, trusted_key)
    require(issued["publicKey"] in trusted, "statement: key")
    require(not keys or keys[-1]["publicKey"] == issued["publicKey"], "statement: not of the last key")
    require(is_signed_by(statement, issued["signature"], issued["publicKey"]), "statement: signature")

    accounts, total = dict(statement["opening"]["accounts"]), statement["opening"]["total"]
    require(total == sum(accounts.values()), "the opening does not add up")
    require(statement["from"] is not None or not any(accounts.values()), "the opening is not 0")
    for line in statement["lines"]:
        accounts[line["account"]] = accounts.get(line["account"], 0) + line["amount"]
        total += line["amount"]
        require((line["balance"], line["total"]) == (accounts[line["account"]], total), "a line does not add up")
        require((statement["from"] or "") <= line["postedOn"] <= statement["to"], "a line is of another time")
    require(statement["closing"] == {"accounts": accounts, "total": total}, "the closing does not add up")

    seals = {seal["date"]: seal for seal in statement["seals"]}
    for seal in statement["seals"]:
        check_signed_seal(seal, key_of_day(keys, seal["date"]) if keys else issued["publicKey"])
        require(seal["publicKey"] in trusted, "a seal is of a key that is not trusted")
    journals = {}
    for journal in statement["journals"]:
        facts, part, proof = journal["facts"], journal["part"], journal["proof"]
        has(facts, *FACTS, "format", "origin", "parts", "previous")
        require(facts["journalId"] not in journals, "a journal stands twice")
        journals[facts["journalId"]] = facts
        require(sha256(canonical(part)) in facts["parts"], "a part is not of its journal")
        if proof is not None:
            seal = seals.get(proof["date"])
            require(seal and day_of(facts["recordedAt"]) == proof["date"], "a journal is of another day")
            root = root_of_path(facts_hash(facts), proof["index"], seal["journals"], proof["path"])
            require(root == seal["root"], "a journal is not in the seal of its day")
    entries = [canonical([j["facts"]["journalId"], e]) for j in statement["journals"] for e in j["part"]["entries"]]
    shown = []
    for line in statement["lines"]:
        facts = journals.get(line["journalId"])
        require(facts is not None, "a line is of no journal")
        for of_line, of_facts in (("kind",) * 2, ("postedOn",) * 2, ("facilityId",) * 2, ("reference", "sourceReference")):
            require(line[of_line] == facts[of_facts], f"a line says another {of_line} than its journal")
        account = f"maker:{statement['makerId']}:{line['account']}"
        shown.append(canonical([line["journalId"], [account, line["lineRef"], line["step"], -line["amount"]]]))
    require(sorted(entries) == sorted(shown), "lines and entries are not the same")


# --- What lies in a directory ----------------------------------------------------------------------------------------


def read(path):
    def refuse(what):
        raise Wrong(f"{what} is no whole number")

    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    texts = text.removesuffix("\n").split("\n") if path.endswith(".jsonl") and text else [text] if text else []
    return [json.loads(each, parse_float=refuse, parse_constant=refuse) for each in texts]


def page(path):
    items = [value for value in read(path)]
    require(len(items) == 1 and isinstance(items[0].get("items"), list), f"{path}: no page")
    has(items[0], "items", optional=["nextCursor"])
    return items[0]["items"]


def check(directory, trusted_key):
    names = sorted(os.listdir(directory))
    path = lambda name: os.path.join(directory, name)  # noqa: E731
    journals = read(path("journals.jsonl"))
    hashes = check_journals(journals)
    changes = check_changes(read(path("changes.jsonl")), read(path("rows.jsonl")))
    keys, seals = page(path("keys.json")), page(path("seals.json"))
    trusted = trusted_keys(keys, trusted_key)
    for key in keys:
        require(key["publicKey"] in trusted, f"key {key['number']} is not trusted")
    check_seals(seals, keys, trusted, journals, changes)
    for name in names:
        if name.startswith("checkpoint"):
            check_checkpoint(read(path(name))[0], trusted, hashes, changes, seals)
        if name.startswith("statement"):
            check_statement(read(path(name))[0], trusted_key)


def main(key_file, *directories):
    with open(key_file, encoding="ascii") as file:
        pem = re.search(r"-----BEGIN PUBLIC KEY-----([^-]+)-----END", file.read())
    trusted_key = "".join(pem[1].split())
    failed = False
    for directory in directories:
        try:
            check(directory, trusted_key)
            print(f"{directory}: sound")
        except Exception as error:  # whatever cannot be read is wrong as well
            failed = True
            print(f"{directory}: {type(error).__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
