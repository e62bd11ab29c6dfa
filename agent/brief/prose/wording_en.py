"""What is said in English; ``$name`` and the like are filled by :mod:`agent.brief.prose.voice`."""

from __future__ import annotations

WORDING: dict[str, str] = {
    "and": "and",
    # the market and the sectors
    "move_edged_up": "$name edged up $size $window.",
    "move_up": "$name rose $size $window.",
    "move_jumped_up": "$name jumped $size $window.",
    "move_edged_down": "$name edged down $size $window.",
    "move_down": "$name fell $size $window.",
    "move_jumped_down": "$name dropped $size $window.",
    "move_flat": "$name was unchanged $window.",
    "rel_up": "$name beat $market by $size $window.",
    "rel_down": "$name lagged $market by $size $window.",
    "rel_flat": "$name moved in line with $market $window.",
    "best_up": "$name was the strongest sector $window, beating $market by $size",
    "best_down": "Even the strongest sector $window, $name, lagged $market by $size",
    "best_flat": "The strongest sector $window, $name, moved in line with $market",
    "worst_down": "; $name was the weakest, trailing $market by $size.",
    "worst_up": "; even the weakest, $name, beat $market by $size.",
    "worst_flat": "; $name was the weakest, in line with $market.",
    "weakest_down": "$name was the weakest sector $window, trailing $market by $size.",
    "weakest_up": "Even the weakest sector $window, $name, beat $market by $size.",
    "weakest_flat": "The weakest sector $window, $name, moved in line with $market.",
    "runner_up": "Second $window was $second, beating $market by $second_size, while at the other "
    "end $other lagged it by $other_size.",
    "quadrant_leading": "$names are leading: strong against $market and still gaining pace.",
    "quadrant_leading_one": "$names is leading: strong against $market and still gaining pace.",
    "quadrant_improving": "$names are improving: still weak against $market but gaining pace.",
    "quadrant_improving_one": "$names is improving: still weak against $market but gaining pace.",
    "quadrant_weakening": "$names are weakening: strong against $market but losing pace.",
    "quadrant_weakening_one": "$names is weakening: strong against $market but losing pace.",
    "quadrant_lagging": "$names are lagging: weak against $market and losing pace.",
    "quadrant_lagging_one": "$names is lagging: weak against $market and losing pace.",
    # headlines
    "headline_outperform": "The scorecard favours $name, with a $probability chance of beating "
    "$market $horizon.",
    "headline_outperform_up": "The scorecard favours $name, with a $probability chance of beating "
    "$market $horizon, after it beat $market by $size $window.",
    "headline_outperform_down": "The scorecard favours $name, with a $probability chance of "
    "beating $market $horizon, although it lagged $market by $size $window.",
    "headline_outperform_flat": "The scorecard favours $name, with a $probability chance of "
    "beating $market $horizon.",
    "headline_underperform": "The one clear call is against $name, with only a $probability chance "
    "of beating $market $horizon.",
    "headline_underperform_up": "The clearest call is against $name, with only a $probability "
    "chance of beating $market $horizon, although it beat $market by $size $window.",
    "headline_underperform_down": "The clearest call is against $name, with only a $probability "
    "chance of beating $market $horizon, after it lagged $market by $size $window.",
    "headline_underperform_flat": "The clearest call is against $name, with only a $probability "
    "chance of beating $market $horizon.",
    "headline_leader": "$best was the strongest sector $window, beating $market by $size; the "
    "clearest call is against $name, with only a $probability chance of beating $market $horizon.",
    "headline_none_up": "$name was the strongest sector $window, beating $market by $size, but no "
    "sector has a clear edge $horizon.",
    "headline_none_down": "Every sector lagged $market $window, the best of them $name, $size behind, and none "
    "has a clear edge $horizon.",
    "headline_none_flat": "No sector has a clear edge $horizon.",
    "headline_moved_up": "$name was the strongest sector $window, beating $market by $size.",
    "headline_moved_down": "Every sector lagged $market $window, the best of them $name, $size behind.",
    "headline_moved_flat": "The strongest sector $window, $name, moved in line with $market.",
    "no_call_bare": "No sector has a clear edge.",
    "nothing_known": "Nothing that would answer this question is known here; what is missing, and "
    "why, is listed in this answer.",
    "nothing_known_of": "Nothing is known of $name at this date; what is missing, and why, is "
    "listed in this answer.",
    # the scorecard
    "no_call": "No probability is far enough from even to make a call. $top comes first in the "
    "ranking, but the order rests on no clear edge.",
    "no_gainer": "Every call that the scorecard makes $horizon is a cautious one.",
    "chance_outperform": "$name is poised to gain: its chance of beating $market $horizon is "
    "$probability, and its expected relative return is $expected.",
    "chance_outperform_bare": "$name is poised to gain: its chance of beating $market $horizon is "
    "$probability.",
    "chance_underperform": "$name is poised to lose: its chance of beating $market $horizon is "
    "$probability, and its expected relative return is $expected.",
    "chance_underperform_bare": "$name is poised to lose: its chance of beating $market $horizon "
    "is $probability.",
    "chance_none": "The scorecard sees no clear edge in $name $horizon.",
    "weight_up": "The weight behind $name is $first, which adds $first_size to its score.",
    "weight_down": "The weight on $name is $first, which takes away $first_size from its score.",
    "weights_up_up": "What carries $name most is $first, which adds $first_size to its score, then "
    "$second, which adds $second_size.",
    "weights_up_down": "What carries $name most is $first, which adds $first_size to its score; "
    "$second takes away $second_size.",
    "weights_down_down": "What weighs on $name most is $first, which takes away $first_size from "
    "its score, then $second, which takes away $second_size.",
    "weights_down_up": "What weighs on $name most is $first, which takes away $first_size from its "
    "score; $second adds $second_size.",
    "score": "$name has a score of $score $horizon, and ranks $rank.",
    "score_bare": "$name has a score of $score $horizon.",
    "flip_outperform": "$name would become poised to gain if its $metric $window moved from $start "
    "to $end, a move of $sd.",
    "flip_underperform": "$name would become poised to lose if its $metric $window moved from "
    "$start to $end, a move of $sd.",
    "flip_none": "The call on $name would lapse to no clear edge if its $metric $window moved from "
    "$start to $end, a move of $sd.",
    "flip_outperform_other": "$name would become poised to gain if the $metric of $other $window "
    "moved from $start to $end, a move of $sd.",
    "flip_underperform_other": "$name would become poised to lose if the $metric of $other $window "
    "moved from $start to $end, a move of $sd.",
    "flip_close": "The call on $name would turn if its $metric $window, now $start, shifted by "
    "only $sd.",
    "flip_close_other": "The call on $name would turn if the $metric of $other $window, now "
    "$start, shifted by only $sd.",
    "flip_none_other": "The call on $name would lapse to no clear edge if the $metric of $other "
    "$window moved from $start to $end, a move of $sd.",
    "interval": "The forecast range for $name runs from $low to $high against $market $horizon.",
    "interval_straddles": "The forecast range for $name runs from $low to $high against $market "
    "$horizon, so that either outcome lies well within it.",
    # what disagrees
    "tape_up": "Price and scorecard disagree on $name: it beat $market by $size $window, "
    "yet its chance of beating $market $horizon is only $probability.",
    "tape_down": "Price and scorecard disagree on $name: it lagged $market by $size "
    "$window, yet its chance of beating $market $horizon is $probability.",
    "foreign_against_up": "Price and foreigners disagree on $name: it beat $market by $size "
    "$window, while foreigners were net sellers of $flow of its trading.",
    "foreign_against_down": "Price and foreigners disagree on $name: it lagged $market by $size "
    "$window, while foreigners were net buyers of $flow of its trading.",
    "turn_up": "The windows disagree on $name: it beat $market by $long $long_window but lagged it "
    "by $short $short_window.",
    "turn_down": "The windows disagree on $name: it lagged $market by $long $long_window but beat "
    "it by $short $short_window.",
    "narrow": "The lead of $name is narrow: $share of its shares stand above their average.",
    # what could go wrong, what to watch
    "record_above": "The model's record before this date: $rate of its $length calls came true "
    "(interval $low to $high), above the base rate of $base.",
    "record_even": "The model's record is no better than chance here: $rate of its $length calls "
    "came true (interval $low to $high), against a base rate of $base.",
    "record_below": "The model's record gives no reason to rely on it here: $rate of its $length calls came "
    "true (interval $low to $high), below the base rate of $base.",
    "confidence_low": "Confidence is low in every call made here.",
    "confidence_high": "“High” as a confidence means that calls as sure as these have come true more often than "
    "the base rate; all calls together have not.",
    "volatility": "$name is the most volatile sector, with an annualised volatility of $value "
    "$window.",
    "drawdown": "$name is the furthest below its peak, by $value $window.",
    "surprise_up": "The latest release of $name was $size above its usual change.",
    "surprise_down": "The latest release of $name was $size below its usual change.",
    # who trades
    "no_flow": "Foreign flow is not known here.",
    "no_flow_market": "This market has no foreign flow data.",
    "foreign_market_up": "Foreigners were net buyers of the whole market $window, by $value or "
    "$share of trading.",
    "foreign_market_down": "Foreigners were net sellers of the whole market $window, by $value or "
    "$share of trading.",
    "foreign_market_flat": "Foreign trading in the whole market was balanced $window.",
    "foreign_market_up_bare": "Foreigners were net buyers of the whole market $window, by $value.",
    "foreign_market_down_bare": "Foreigners were net sellers of the whole market $window, by "
    "$value.",
    "foreign_market_flat_bare": "Foreign trading in the whole market was balanced $window.",
    "foreign_up": "Foreigners were net buyers of $name $window, by $value or $share of its "
    "trading.",
    "foreign_down": "Foreigners were net sellers of $name $window, by $value or $share of its "
    "trading.",
    "foreign_flat": "Foreign trading in $name was balanced $window.",
    "foreign_up_bare": "Foreigners were net buyers of $name $window, by $value.",
    "foreign_down_bare": "Foreigners were net sellers of $name $window, by $value.",
    "foreign_flat_bare": "Foreign trading in $name was balanced $window.",
    "foreign_most_up": "They bought $name most, by a net $value $window.",
    "foreign_most_up_with_up": "They bought $name most, by a net $value $window, and it beat "
    "$market by $price.",
    "foreign_most_up_with_down": "They bought $name most, by a net $value $window, yet it lagged "
    "$market by $price.",
    "foreign_most_up_with_flat": "They bought $name most, by a net $value $window.",
    "foreign_most_down": "Foreigners sold $name most, by a net $value $window.",
    "foreign_most_down_with_up": "Foreigners sold $name most, by a net $value $window, yet it "
    "beat $market by $price.",
    "foreign_most_down_with_down": "Foreigners sold $name most, by a net $value $window, and it "
    "lagged $market by $price.",
    "foreign_most_down_with_flat": "Foreigners sold $name most, by a net $value $window.",
    "share": "$name ($value)",
    "shares_up": "Among shares, foreign net buying was largest in $parts $window.",
    "shares_down": "Foreign net selling was largest in $parts $window.",
    "no_share_flow": "Foreign flow by share is not known here.",
    "no_trading": "Whether trading is unusually large is not known here.",
    "busy_unusual": "Trading in $name is unusual $window, at $value its normal size.",
    "busy_unusual_with_up": "Trading in $name is unusual $window, at $value its normal size, as it "
    "rose $price.",
    "busy_unusual_with_down": "Trading in $name is unusual $window, at $value its normal size, as "
    "it fell $price.",
    "busy_unusual_with_flat": "Trading in $name is unusual $window, at $value its normal size.",
    "busy_usual": "No sector trades unusually $window; $name is the busiest, at $value its normal "
    "size.",
    "busy_usual_with_up": "No sector trades unusually $window; $name is the busiest, at $value its "
    "normal size, as it rose $price.",
    "busy_usual_with_down": "No sector trades unusually $window; $name is the busiest, at $value "
    "its normal size, as it fell $price.",
    "busy_usual_with_flat": "No sector trades unusually $window; $name is the busiest, at $value "
    "its normal size.",
    "busy_asked": "Trading in $name is within its usual range $window, at $value its normal size.",
    "busy_asked_with_up": "Trading in $name is within its usual range $window, at $value its "
    "normal size, as it rose $price.",
    "busy_asked_with_down": "Trading in $name is within its usual range $window, at $value its "
    "normal size, as it fell $price.",
    "busy_asked_with_flat": "Trading in $name is within its usual range $window, at $value its "
    "normal size.",
    "quiet": "$name is the quietest sector $window, at $value its normal size.",
    "busy_share": "$name ($value)",
    "busy_shares_one": "Among shares, only $name trades unusually $window, at $value its normal "
    "size.",
    "busy_shares": "The shares furthest above their normal trading $window are $parts.",
    "no_busy_share": "No share stands out by its trading $window.",
    "blocks": "Block trades in $name came to $value $window.",
    "blocks_market": "Block trades in the whole market came to $value $window.",
    "blocks_in": "The largest block trades $window were in $parts.",
    "blocks_in_one": "All of these block trades $window were in $parts.",
    # news and other signals
    "no_news": "The tone of the news is not known here.",
    "no_news_market": "This market has no feed of news sentiment.",
    "no_news_of": "Nothing is known of the news on $name.",
    "news_ends": "The mean tone of the news $window was highest for $best, at $tone, and lowest for "
    "$worst, at $other.",
    "news_of": "The tone of the news on $name is $now, with a mean of $mean $window.",
    "news_of_bare": "The tone of the news on $name is $now.",
    "signal_of": "The $signal of $name is $value.",
    "signal_changed": "The $signal of $name is $value, after a change of $change $window.",
    # macro
    "no_macro": "None of the series asked for is known here.",
    "series": "$name stands at $level.",
    "series_up": "$name stands at $level, up $change $window.",
    "series_down": "$name stands at $level, down $change $window.",
    "series_year_up": "$name stands at $level, up $change from a year earlier.",
    "series_year_down": "$name stands at $level, down $change from a year earlier.",
    "series_year_flat": "$name stands at $level, a change of $change from a year earlier.",
    # a share
    "stock_up_up": "$name rose $own $window and beat $market by $against.",
    "stock_up_down": "$name rose $own $window but lagged $market by $against.",
    "stock_up_flat": "$name rose $own $window, in line with $market.",
    "stock_down_up": "$name fell $own $window but still beat $market by $against.",
    "stock_down_down": "$name fell $own $window and lagged $market by $against.",
    "stock_down_flat": "$name fell $own $window, in line with $market.",
    "stock_flat_up": "$name was unchanged $window and beat $market by $against.",
    "stock_flat_down": "$name was unchanged $window and lagged $market by $against.",
    "stock_flat_flat": "$name was unchanged $window, in line with $market.",
    "stock_risk": "The annualised volatility of $name is $volatility $window, and it stands $fall "
    "below its peak $fall_window.",
    "stock_risk_high": "The annualised volatility of $name is $volatility $window, and it stands "
    "at its peak $fall_window.",
    "its_sector_up": "The sector of $symbol, $name, beat $market by $size $window.",
    "its_sector_down": "The sector of $symbol, $name, lagged $market by $size $window.",
    "its_sector_flat": "The sector of $symbol, $name, moved in line with $market $window.",
    # side by side
    "compare_level": "The relative return $window is $first_value for $first, and $second_value for "
    "$second.",
    "compare_head": "$first did better than $second $window, with a relative return of "
    "$first_value against $second_value.",
    "compare_ahead": "$ahead has a $chance chance of beating $market $horizon, against "
    "$other_chance for $behind.",
    "compare_yet": "Yet $first did better than $second $window, with a relative return of "
    "$first_value against $second_value.",
    # research
    # talk
    "help": "Ask where money is moving between the sectors of this market, in English or "
    "Vietnamese.",
    "help_sectors": "You can ask which sectors lead or lag, which are poised to gain, why a sector "
    "ranks where it does and what would change that, or to compare sectors.",
    "help_macro": "You can ask where rates, inflation and other series stand.",
    "help_flows": "You can ask what foreigners are buying and selling.",
    "help_shares": "You can ask about a single share and about unusually large trading.",
    "help_more": "You can ask for a scenario such as a rate rise, for the back-test of a simple "
    "strategy, or how fresh the data are.",
    "help_ground": "Every number in an answer comes from the market's own data as known at the "
    "date asked for; what is missing is said.",
    "thanks": "You are welcome.",
    "parting": "Goodbye.",
    "hello": "Hello. Ask me where money is moving between sectors, and I will show what the data "
    "say.",
    "out_of_scope": "That is outside what I can answer: I research how money moves between the "
    "sectors of this market.",
    "out_of_scope_instead": "I place no orders and give no personal advice. You could ask which "
    "sectors lead, what is behind a sector's rank, or how macro series stand.",
    "clarify": "Which sector, share or window do you mean?",
    "second_opinion": "A local surrogate, a straight line fitted to the score around $name, confirms the "
    "direction of $agreement of the contributions.",
    "part_up": "$group adds $size",
    "part_down": "$group takes away $size",
    "parts": "Next in the score of $name, $parts.",
    "explain_up": "$name ranks $rank $horizon with a score of $score, above all because $group "
    "adds $size.",
    "explain_down": "$name ranks $rank $horizon with a score of $score, above all because $group "
    "takes away $size.",
    "median": "The median forecast puts $name at $expected against $market $horizon.",
    "scenario_head": "In this scenario the estimated relative return of $best is $best_value, the "
    "highest of all sectors, and the estimated relative return of $worst is $worst_value, the "
    "lowest.",
    "scenario_both": "With a shock of $shock to $driver, $best gains most against $market, by an "
    "estimated $best_size (standard error $best_error), and $worst loses most, by an estimated "
    "$worst_size (standard error $worst_error).",
    "scenario_both_worst": "With a shock of $shock to $driver, $worst loses most against $market, by "
    "an estimated $worst_size (standard error $worst_error), and $best gains most, by an estimated "
    "$best_size (standard error $best_error).",
    "scenario_stretched": "The shock goes beyond every monthly change that the estimates rest on, "
    "so trust their order, not their size.",
    "scenario_stretched_one": "The shock goes beyond every monthly change that the estimate rests "
    "on, so trust its direction, not its size.",
    "scenario_one_up": "With a shock of $shock to $driver, $name gains an estimated $size against "
    "$market (standard error $error).",
    "scenario_one_down": "With a shock of $shock to $driver, $name loses an estimated $size "
    "against $market (standard error $error).",
    "scenario_one_flat": "With a shock of $shock to $driver, $name is expected to move in line "
    "with $market (standard error $error).",
    "scenario_clear_asked": "The estimate of $name is distinct from zero, by twice its standard "
    "error.",
    "scenario_doubt_asked": "The estimate of $name does not reach twice its standard error, so it "
    "cannot be told from zero.",
    "driver_flow": "foreign flow in $market as a share of trading",
    "scenario_asked": "In this scenario the estimated relative return of $name is $value, with a "
    "standard error of $error.",
    "scenario_total": "The estimated own return of $name is $value, with a standard error of "
    "$error.",
    "scenario_doubt": "No estimate reaches twice its standard error, so none is distinct from "
    "zero.",
    "scenario_clear": "Distinct from zero, by twice the standard error, are the estimates of "
    "$names.",
    "scenario_clear_one": "Distinct from zero, by twice the standard error, is only the estimate "
    "of $names.",
    "backtest_up": "$name returned $own a year $window after costs, ahead of the $base a year of "
    "$other.",
    "backtest_excess": "The excess return of $name was $excess a year $window.",
    "backtest_down": "$name returned $own a year $window after costs, behind the $base a year of "
    "$other.",
    "backtest_flat": "$name returned $own a year $window after costs, in line with $other.",
    "backtest_alone": "$name returned $own a year $window after costs.",
    "backtest_near": "$name and $other came to the same $window: $own and $base a year after "
    "costs.",
    "backtest_risk": "The largest drawdown of $name was $fall $window, that of $other $other_fall.",
    "backtest_turnover": "$name turned over $turnover of the portfolio a year, which is what its "
    "costs come from.",
    "backtest_sharpe": "The Sharpe ratio of $name is $own $window, that of $other $base.",
    "scenario_shock": "The scenario assumes a shock of $shock to $driver.",
    "all_alike": "Every sector has the same call here, so the order says more than the call does.",
    "tilt_outperform": "$names are poised to gain $horizon.",
    "tilt_outperform_one": "$names is poised to gain $horizon.",
    "tilt_underperform": "$names are poised to lose $horizon.",
    "tilt_underperform_one": "$names is poised to lose $horizon.",
    "tilt_size": "Probabilities this close to even carry only small tilts.",
    "record_none": "The model has no record here that is long enough to judge.",
    "track_calls": "It made a call in $share of all cases, $calls calls in all at the $length "
    "horizon.",
    "then_now": "$name ranks $now $horizon, against $then on $day.",
    "then_chance": "Its chance of beating $market $horizon is $now, against $then on $day.",
    "watch_flip_none": "Watch the $metric of $name $window: at $end, from $start now, the call "
    "would lapse to no clear edge.",
    "watch_flip_outperform": "Watch the $metric of $name $window: at $end, from $start now, it "
    "would become poised to gain.",
    "watch_flip_underperform": "Watch the $metric of $name $window: at $end, from $start now, it "
    "would become poised to lose.",
    "volatility_plain": "The annualised volatility of $name is $value $window.",
    "drawdown_plain": "$name stands $value below its peak $window.",
    # what a question takes for granted, and answers about some sectors
    "headline_slim_outperform": "$best was the strongest sector $window, beating $market by "
    "$size; the scorecard leans only slightly, towards $name, with a $probability chance of "
    "beating $market $horizon.",
    "headline_slim_underperform": "$best was the strongest sector $window, beating $market by "
    "$size; the scorecard leans only slightly, against $name, with a $probability chance of "
    "beating $market $horizon.",
    "headline_slim_same": "$best was the strongest sector $window, beating $market by $size; the "
    "scorecard leans its way too, but only slightly: a $probability chance of beating $market "
    "$horizon.",
    "parts_more": "Next in the score of $name, $parts; the other groups matter less.",
    "both_up_up": "$name beat $market by $size $window and by $long $long_window.",
    "both_down_down": "$name lagged $market by $size $window and by $long $long_window.",
    "both_up_down": "$name beat $market by $size $window but lagged it by $long $long_window.",
    "both_down_up": "$name lagged $market by $size $window but beat it by $long $long_window.",
    "not_low": "$name is not ranked low: it ranks $rank $horizon, and $edge comes last.",
    "not_high": "$name is not ranked high: it ranks $rank $horizon, and $edge comes first.",
    "not_first": "That place is not held by $name: it ranks $rank $horizon, and $edge comes first.",
    "not_last": "That place is not held by $name: it ranks $rank $horizon, and $edge comes last.",
    "rank_so": "Yes: $name ranks $rank $horizon.",
    "not_so": "Not so: $sentence",
    "so": "Yes: $sentence",
    "no": "No: $sentence",
    "focus_outperform_up": "$name beat $market by $size $window, and the scorecard gives it a "
    "$probability chance of beating it again $horizon.",
    "focus_outperform_down": "$name lagged $market by $size $window, yet the scorecard gives it a "
    "$probability chance of beating it $horizon.",
    "focus_outperform_flat": "$name moved in line with $market $window, and the scorecard gives "
    "it a $probability chance of beating it $horizon.",
    "focus_underperform_up": "$name beat $market by $size $window, yet the scorecard gives it "
    "only a $probability chance of beating it again $horizon.",
    "focus_underperform_down": "$name lagged $market by $size $window, and the scorecard gives it "
    "only a $probability chance of beating it $horizon.",
    "focus_underperform_flat": "$name moved in line with $market $window, and the scorecard gives "
    "it only a $probability chance of beating it $horizon.",
    "focus_none_up": "$name beat $market by $size $window, but the scorecard sees no clear edge "
    "in it $horizon.",
    "focus_none_down": "$name lagged $market by $size $window, and the scorecard sees no clear "
    "edge in it $horizon.",
    "focus_none_flat": "$name moved in line with $market $window, and the scorecard sees no clear "
    "edge in it $horizon.",
    "no_flip": "No single input, moved within its past range, would change the call on $name.",
}
"""Key → sentence; :data:`VARIANTS` has other wordings of some."""
