"""How a synthetic country is laid out: families by province, one channel for each regency."""

from __future__ import annotations

import pyarrow as pa

from salur.foundation.regions import codes
from salur.foundation.vocabulary.region_code import Level

# About the people of each province by the civil registry at the end of 2024. Unverified: it only gives a made-up country its proportions.
PEOPLE = {
    "11": 5_623_479, "12": 15_640_905, "13": 5_820_359, "14": 7_099_297, "15": 3_834_439, "16": 9_064_690, "17": 2_127_957,
    "18": 9_144_263, "19": 1_549_562, "21": 2_271_890, "31": 11_038_216, "32": 51_316_378, "33": 38_430_645, "34": 3_743_365,
    "35": 41_919_906, "36": 12_881_374, "51": 4_375_263, "52": 5_751_295, "53": 5_700_772, "61": 5_646_268, "62": 2_825_290,
    "63": 4_305_281, "64": 4_123_303, "65": 770_627, "71": 2_645_291, "72": 3_219_494, "73": 9_528_276, "74": 2_824_589,
    "75": 1_250_960, "76": 1_466_741, "81": 1_935_586, "82": 1_394_231, "91": 1_102_360, "92": 576_255, "93": 562_220,
    "94": 1_369_112, "95": 1_470_518, "96": 623_186,
}  # fmt: skip

# Which channel serves where is invented: Aceh by the sharia bank, Papua by the post, the other regencies by these in turn.
SHARIA, REMOTE = ("11",), ("91", "92", "93", "94", "95", "96")
TURNS = ("BRI", "BNI", "BRI", "MANDIRI", "BRI", "BNI", "BTN", "BRI", "MANDIRI", "BNI", "BRI", "BRI", "POS")


def families_of_provinces(families: int) -> dict[str, int]:
    """Whole families for each province, in order of the codes; their sum is exact."""
    people = sum(PEOPLE.values())
    upto, given, result = 0, 0, {}
    for province, here in sorted(PEOPLE.items()):
        upto += here
        result[province] = families * upto // people - given
        given += result[province]
    return result


def channels() -> dict[str, str]:
    """The one channel of each regency."""
    result, turn = {}, 0
    for regency in codes.codes_of(Level.REGENCY):
        if regency[:2] in SHARIA:
            result[regency] = "BSI"
        elif regency[:2] in REMOTE:
            result[regency] = "POS"
        else:
            result[regency] = TURNS[turn % len(TURNS)]
            turn += 1
    return result


def places(families: dict[str, int], total: int) -> dict[str, int]:
    """`total` places shared out over regions in proportion to their families; whole numbers whose sum is exact."""
    whole, upto, given, result = sum(families.values()), 0, 0, {}
    for region, here in sorted(families.items()):
        upto += here
        result[region] = total * upto // whole - given
        given += result[region]
    return result


def village_codes() -> pa.Table:
    return pa.table({"code": pa.array(codes.codes_of(Level.VILLAGE), pa.string())})
