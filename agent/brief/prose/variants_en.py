"""Other English wordings of the same sentences, so that no answer reads like the last."""

from __future__ import annotations

VARIANTS: dict[str, tuple[str, ...]] = {
    "move_up": ("$name gained $size $window.",),
    "move_jumped_up": ("$name surged $size $window.",),
    "move_down": ("$name lost $size $window.",),
    "move_jumped_down": ("$name slumped $size $window.",),
    "rel_up": (
        "$name outperformed $market by $size $window.",
        "$name finished $size ahead of $market $window.",
    ),
    "rel_down": (
        "$name trailed $market by $size $window.",
        "$name finished $size behind $market $window.",
    ),
    "best_up": (
        "$name led $window, beating $market by $size",
        "The lead $window went to $name, $size ahead of $market",
    ),
    "worst_down": (
        "; $name came last, $size behind $market.",
        "; at the other end, $name trailed it by $size.",
    ),
    "weakest_down": (
        "$name came last $window, $size behind $market.",
        "Last $window was $name, $size behind $market.",
    ),
    "runner_up": (
        "Second $window was $second, $second_size ahead of $market; near the other end $other "
        "lagged by $other_size.",
        "$second also beat $market $window, by $second_size, while $other lagged it by "
        "$other_size.",
    ),
    "headline_outperform_up": (
        "The model's pick is $name: a $probability chance of beating $market $horizon, after it "
        "beat $market by $size $window.",
        "After beating $market by $size $window, $name has a $probability chance of beating it "
        "again $horizon.",
    ),
    "headline_outperform_down": (
        "The model's pick is $name: a $probability chance of beating $market $horizon, although "
        "it lagged by $size $window.",
        "$name lagged $market by $size $window, yet the scorecard gives it a $probability chance "
        "of beating $market $horizon.",
    ),
    "headline_underperform_up": (
        "$name beat $market by $size $window, but the scorecard is against it: only a "
        "$probability chance of beating $market $horizon.",
    ),
    "headline_underperform_down": (
        "$name lagged $market by $size $window, and the scorecard stays against it: only a "
        "$probability chance of beating $market $horizon.",
    ),
    "headline_leader": (
        "$best led $window, $size ahead of $market, while the scorecard warns of $name, with only "
        "a $probability chance of beating $market $horizon.",
    ),
    "headline_none_up": (
        "$name led $window, $size ahead of $market, but no sector has a clear edge $horizon.",
        "The lead $window went to $name, $size ahead of $market; looking forward, no sector has a "
        "clear edge $horizon.",
    ),
    "headline_moved_up": (
        "$name led $window, $size ahead of $market.",
        "The lead $window went to $name, which beat $market by $size.",
    ),
    "headline_slim_outperform": (
        "$best led $window, $size ahead of $market; looking forward, the scorecard has only a "
        "slight lean, towards $name, whose chance of beating $market $horizon is $probability.",
        "The lead $window went to $best, $size ahead of $market; what lean the scorecard has is "
        "towards $name, with a $probability chance of beating $market $horizon.",
    ),
    "headline_slim_underperform": (
        "$best led $window, $size ahead of $market; looking forward, the scorecard has only a "
        "slight lean, against $name, whose chance of beating $market $horizon is $probability.",
        "The lead $window went to $best, $size ahead of $market; what lean the scorecard has is "
        "against $name, with a $probability chance of beating $market $horizon.",
    ),
    "headline_slim_same": (
        "$best led $window, $size ahead of $market; the scorecard leans its way too, though only "
        "slightly, with a $probability chance of beating $market $horizon.",
    ),
    "no_call": (
        "Every probability is close to even, so the scorecard makes no call. $top comes first in "
        "the ranking, but not by much.",
    ),
    "chance_outperform": (
        "The scorecard has $name as poised to gain, with a $probability chance of beating $market "
        "$horizon and an expected relative return of $expected.",
    ),
    "chance_underperform": (
        "The scorecard has $name as poised to lose, with a $probability chance of beating $market "
        "$horizon and an expected relative return of $expected.",
    ),
    "chance_none": ("On $name the scorecard has no clear edge $horizon.",),
    "weights_up_up": (
        "The case for $name rests on $first, which adds $first_size to its score, and on $second, "
        "which adds $second_size.",
        "What speaks for $name is $first, which adds $first_size to its score, and then $second, "
        "which adds $second_size.",
    ),
    "weights_up_down": (
        "The case for $name rests on $first, which adds $first_size to its score, though $second "
        "takes away $second_size.",
        "What speaks for $name is $first, which adds $first_size to its score, while $second "
        "takes away $second_size.",
    ),
    "weights_down_down": (
        "The case against $name is $first, which takes away $first_size from its score, and "
        "$second, which takes away $second_size.",
        "What holds back $name is $first, which takes away $first_size from its score, along with "
        "$second, which takes away $second_size.",
    ),
    "weights_down_up": (
        "The case against $name is $first, which takes away $first_size from its score, though "
        "$second adds $second_size.",
    ),
    "median": ("The median forecast for $name against $market $horizon is $expected.",),
    "interval_straddles": (
        "For $name the forecast range $horizon is wide, from $low to $high against $market: it "
        "could go either way.",
        "Anything between $low and $high against $market is within the forecast range of $name "
        "$horizon.",
    ),
    "record_none": (
        "How far to trust the model here is not known: its record is too short.",
        "The record of the model here is too short to lean on.",
    ),
    "record_above": (
        "Of the model's $length calls before this date, $rate came true (interval $low to $high), "
        "above the base rate of $base.",
        "So far $rate of the model's $length calls came true (interval $low to $high), above the "
        "base rate of $base.",
    ),
    "record_even": (
        "Of the model's $length calls before this date, $rate came true (interval $low to $high) "
        "against a base rate of $base: no better than chance.",
    ),
    "record_below": (
        "Of the model's $length calls before this date, only $rate came true (interval $low to "
        "$high), below the base rate of $base.",
    ),
    "drawdown": ("$name has fallen furthest from its high, by $value $window.",),
    "volatility": (
        "The most volatile sector is $name, with an annualised volatility of $value $window.",
    ),
    "volatility_plain": ("$name has had an annualised volatility of $value $window.",),
    "surprise_up": ("$name surprised: the latest release was $size above its usual change.",),
    "surprise_down": ("$name surprised: the latest release was $size below its usual change.",),
    "foreign_against_up": (
        "Foreigners did not follow $name: they were net sellers of $flow of its trading, while it "
        "beat $market by $size $window.",
        "$name beat $market by $size $window without help from abroad: foreigners were net "
        "sellers of $flow of its trading.",
    ),
    "foreign_against_down": (
        "Foreigners bought into the weakness of $name: they were net buyers of $flow of its "
        "trading, while it lagged $market by $size $window.",
    ),
    "turn_up": (
        "For $name the picture has turned: it beat $market by $long $long_window, but lagged it "
        "by $short $short_window.",
    ),
    "turn_down": (
        "For $name the picture has turned: it lagged $market by $long $long_window, but beat it "
        "by $short $short_window.",
    ),
    "narrow": ("Few shares carry $name: only $share of them stand above their average.",),
    "tape_up": (
        "The scorecard does not trust the strength of $name: after it beat $market by $size "
        "$window, its chance of beating $market $horizon is only $probability.",
    ),
    "tape_down": (
        "The scorecard looks through the weakness of $name: after it lagged $market by $size "
        "$window, its chance of beating $market $horizon is $probability.",
    ),
    "foreign_market_up": (
        "Foreign investors bought a net $value of the whole market $window, or $share of trading.",
    ),
    "foreign_market_down": (
        "Foreign investors sold a net $value of the whole market $window, or $share of trading.",
    ),
    "foreign_most_up_with_up": (
        "$name saw the largest net inflow, $value $window, and beat $market by $price.",
    ),
    "foreign_most_up_with_down": (
        "$name saw the largest net inflow, $value $window, although it lagged $market by $price.",
    ),
    "foreign_most_down_with_up": (
        "$name saw the largest net outflow, $value $window, although it beat $market by $price.",
    ),
    "foreign_most_down_with_down": (
        "$name saw the largest net outflow, $value $window, and lagged $market by $price.",
    ),
    "series_up": ("$name has risen $change $window, to $level.",),
    "series_down": ("$name has fallen $change $window, to $level.",),
    "series_year_up": ("$name has risen $change from a year earlier, to $level.",),
    "series_year_down": ("$name has fallen $change from a year earlier, to $level.",),
    "explain_up": (
        "$name ranks $rank $horizon with a score of $score, mostly because $group adds $size.",
    ),
    "explain_down": (
        "$name ranks $rank $horizon with a score of $score, mostly because $group takes away "
        "$size.",
    ),
    "compare_head": (
        "$first came out ahead of $second $window, with a relative return of $first_value against "
        "$second_value.",
    ),
    "watch_flip_none": (
        "The call on $name would lapse to no clear edge if its $metric $window went to $end, from "
        "$start now.",
    ),
    "watch_flip_outperform": (
        "$name would become poised to gain if its $metric $window went to $end, from $start now.",
    ),
    "watch_flip_underperform": (
        "$name would become poised to lose if its $metric $window went to $end, from $start now.",
    ),
    "parts": ("After that, in the score of $name, $parts.",),
    "parts_more": ("After that, in the score of $name, $parts; the rest matters less.",),
    "focus_none_up": (
        "$name has no clear edge $horizon, although it beat $market by $size $window.",
    ),
    "focus_none_down": (
        "$name has no clear edge $horizon, after it lagged $market by $size $window.",
    ),
    "tilt_size": ("With probabilities this close to even, only small tilts are warranted.",),
}
"""Key → wordings beside the one in ``WORDING``, with the same blanks."""
