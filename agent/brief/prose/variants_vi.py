"""Other Vietnamese wordings of the same sentences, so that no answer reads like the last."""

from __future__ import annotations

VARIANTS: dict[str, tuple[str, ...]] = {
    "move_up": ("$name đi lên $size $window.",),
    "move_jumped_up": ("$name bật tăng $size $window.",),
    "move_down": ("$name mất $size $window.",),
    "move_jumped_down": ("$name lao dốc $size $window.",),
    "rel_up": ("So với $market, $name vượt $size $window.",),
    "rel_down": (
        "$name thua $market $size $window.",
        "So với $market, $name kém $size $window.",
    ),
    "best_up": (
        "$name dẫn đầu $window, vượt $market $size",
        "Dẫn sóng $window là $name, vượt $market $size",
    ),
    "worst_down": (
        "; đứng cuối là $name, kém $market $size.",
        "; ở chiều ngược lại, $name yếu nhất, thua $market $size.",
    ),
    "weakest_down": (
        "Đứng cuối $window là $name, kém $market $size.",
        "Yếu nhất $window là $name, thua $market $size.",
    ),
    "runner_up": (
        "$second cũng vượt $market $window, ở mức $second_size, còn $other kém $other_size.",
        "Về nhì $window là $second, vượt $market $second_size; trong khi đó $other kém $market "
        "$other_size.",
    ),
    "headline_outperform_up": (
        "Sau khi vượt $market $size $window, $name được mô hình cho xác suất $probability để tiếp "
        "tục vượt $market $horizon.",
        "$name vượt $market $size $window, và mô hình tiếp tục nghiêng về ngành này: xác suất "
        "vượt $market $horizon là $probability.",
    ),
    "headline_outperform_down": (
        "$name kém $market $size $window, nhưng mô hình lại nghiêng về ngành này: xác suất vượt "
        "$market $horizon là $probability.",
    ),
    "headline_underperform_up": (
        "$name vượt $market $size $window, nhưng mô hình tỏ ra thận trọng: xác suất vượt $market "
        "$horizon chỉ là $probability.",
    ),
    "headline_underperform_down": (
        "$name kém $market $size $window, và mô hình vẫn thận trọng: xác suất vượt $market "
        "$horizon chỉ là $probability.",
    ),
    "headline_leader": (
        "$best dẫn đầu $window, vượt $market $size, trong khi mô hình cảnh báo $name: xác suất "
        "vượt $market $horizon chỉ là $probability.",
    ),
    "headline_none_up": (
        "$name dẫn đầu $window, vượt $market $size, nhưng mô hình giữ quan điểm trung lập với mọi "
        "ngành $horizon.",
        "Dẫn sóng $window là $name, vượt $market $size; nhìn về phía trước, mô hình trung lập với "
        "mọi ngành $horizon.",
    ),
    "headline_moved_up": (
        "$name dẫn đầu $window, vượt $market $size.",
        "Dẫn sóng $window là $name, vượt $market $size.",
    ),
    "headline_slim_outperform": (
        "$best dẫn đầu $window, vượt $market $size; nhìn về phía trước, mô hình chỉ nghiêng nhẹ "
        "về $name, với xác suất vượt $market $horizon là $probability.",
        "Dẫn sóng $window là $best, vượt $market $size; mô hình chỉ nghiêng nhẹ về $name, xác "
        "suất vượt $market $horizon là $probability.",
    ),
    "headline_slim_underperform": (
        "$best dẫn đầu $window, vượt $market $size; nhìn về phía trước, mô hình chỉ hơi thận "
        "trọng với $name, xác suất vượt $market $horizon là $probability.",
        "Dẫn sóng $window là $best, vượt $market $size; mô hình chỉ thận trọng đôi chút với "
        "$name, xác suất vượt $market $horizon là $probability.",
    ),
    "headline_slim_same": (
        "$best dẫn đầu $window, vượt $market $size; mô hình cũng nghiêng nhẹ về ngành này, với "
        "xác suất vượt $market $horizon là $probability.",
    ),
    "no_call": (
        "Xác suất của các ngành đều sát mức cân bằng nên mô hình chưa đưa ra nhận định. $top đứng "
        "đầu bảng xếp hạng, nhưng khoảng cách không đáng kể.",
    ),
    "chance_outperform": (
        "Mô hình đánh giá khả quan với $name: xác suất vượt $market $horizon là $probability, mức "
        "chênh kỳ vọng $expected.",
    ),
    "chance_underperform": (
        "Mô hình đánh giá kém khả quan với $name: xác suất vượt $market $horizon là $probability, "
        "mức chênh kỳ vọng $expected.",
    ),
    "chance_none": ("Với $name, mô hình giữ quan điểm trung lập $horizon.",),
    "weights_up_up": (
        "Nâng đỡ $name là $first, cộng thêm $first_size điểm, và $second, cộng thêm $second_size "
        "điểm.",
        "Ủng hộ $name có $first, cộng thêm $first_size điểm, rồi đến $second, cộng thêm "
        "$second_size điểm.",
    ),
    "weights_up_down": (
        "Nâng đỡ $name là $first, cộng thêm $first_size điểm, dù $second trừ đi $second_size điểm.",
        "Ủng hộ $name có $first, cộng thêm $first_size điểm, trong khi $second trừ đi "
        "$second_size điểm.",
    ),
    "weights_down_down": (
        "Gây áp lực lên $name là $first, trừ đi $first_size điểm, và $second, trừ đi $second_size "
        "điểm.",
        "Kéo $name xuống có $first, trừ đi $first_size điểm, rồi đến $second, trừ đi $second_size "
        "điểm.",
    ),
    "weights_down_up": (
        "Gây áp lực lên $name là $first, trừ đi $first_size điểm, dù $second cộng thêm "
        "$second_size điểm.",
    ),
    "median": (
        "Mức dự báo trung vị của $name so với $market $horizon là $expected.",
        "Với $name, dự báo trung vị so với $market $horizon ở mức $expected.",
    ),
    "interval_straddles": (
        "Khoảng dự báo của $name so với $market $horizon khá rộng, từ $low đến $high, nên chưa "
        "thể chắc về chiều hướng.",
        "So với $market, khoảng dự báo của $name $horizon trải từ $low đến $high: cả hai chiều "
        "đều có thể xảy ra.",
    ),
    "record_none": (
        "Lịch sử dự báo ở đây còn ngắn, chưa đủ để biết nên tin mô hình đến đâu.",
        "Chưa thể đánh giá mô hình ở đây vì lịch sử dự báo còn ngắn.",
    ),
    "record_above": (
        "Tính đến ngày này, $rate nhận định $length là đúng (khoảng tin cậy $low đến $high), cao "
        "hơn tỷ lệ nền $base.",
        "Trong các nhận định $length trước đây của mô hình, $rate là đúng (khoảng tin cậy $low "
        "đến $high), cao hơn tỷ lệ nền $base.",
    ),
    "record_even": (
        "Trong các nhận định $length trước đây, $rate là đúng (khoảng tin cậy $low đến $high), so "
        "với tỷ lệ nền $base: chưa hơn may rủi.",
    ),
    "record_below": (
        "Trong các nhận định $length trước đây, chỉ $rate là đúng (khoảng tin cậy $low đến "
        "$high), thấp hơn tỷ lệ nền $base.",
    ),
    "drawdown": ("Cách đỉnh xa nhất hiện là $name, nằm dưới đỉnh $value $window.",),
    "volatility": ("Biến động mạnh nhất là $name, với độ biến động quy năm $value $window.",),
    "volatility_plain": ("$name có độ biến động quy năm $value $window.",),
    "surprise_up": ("$name gây bất ngờ: số liệu mới nhất cao hơn mức thay đổi thường thấy $size.",),
    "surprise_down": (
        "$name gây bất ngờ: số liệu mới nhất thấp hơn mức thay đổi thường thấy $size.",
    ),
    "foreign_against_up": (
        "Khối ngoại không đi theo $name: họ bán ròng $flow giá trị giao dịch, trong khi ngành "
        "vượt $market $size $window.",
        "$name vượt $market $size $window dù khối ngoại bán ròng $flow giá trị giao dịch.",
    ),
    "foreign_against_down": (
        "Khối ngoại gom $name trong nhịp điều chỉnh: họ mua ròng $flow giá trị giao dịch, trong "
        "khi ngành kém $market $size $window.",
        "$name kém $market $size $window dù khối ngoại mua ròng $flow giá trị giao dịch.",
    ),
    "turn_up": (
        "$name đang có nhịp điều chỉnh: vượt $market $long $long_window nhưng kém $short "
        "$short_window.",
    ),
    "turn_down": (
        "$name đang có nhịp hồi: kém $market $long $long_window nhưng vượt $short $short_window.",
    ),
    "narrow": ("Chỉ một phần nhỏ cổ phiếu kéo $name: $share cổ phiếu nằm trên trung bình.",),
    "tape_up": (
        "Mô hình chưa tin vào sức mạnh của $name: ngành vượt $market $size $window, nhưng xác "
        "suất vượt $market $horizon chỉ là $probability.",
    ),
    "tape_down": (
        "Mô hình nhìn qua nhịp điều chỉnh của $name: ngành kém $market $size $window, nhưng "
        "xác suất vượt $market $horizon là $probability.",
    ),
    "foreign_market_up": (
        "Trên toàn thị trường, khối ngoại mua ròng $value $window, tương đương $share giá trị "
        "giao dịch.",
    ),
    "foreign_market_down": (
        "Trên toàn thị trường, khối ngoại bán ròng $value $window, tương đương $share giá trị "
        "giao dịch.",
    ),
    "foreign_most_up_with_up": (
        "Dòng vốn vào ròng nhiều nhất ở $name, đạt $value $window, và ngành này vượt $market "
        "$price.",
    ),
    "foreign_most_up_with_down": (
        "Lực mua ròng nhiều nhất ở $name, đạt $value $window, nhưng ngành này kém $market $price.",
    ),
    "foreign_most_down_with_up": (
        "Lực bán ròng nhiều nhất ở $name, tới $value $window, nhưng ngành này vượt $market $price.",
    ),
    "foreign_most_down_with_down": (
        "Lực bán ròng nhiều nhất ở $name, tới $value $window, và ngành này kém $market $price.",
    ),
    "series_up": ("$name tăng $change $window, lên $level.",),
    "series_down": ("$name giảm $change $window, xuống $level.",),
    "series_year_up": ("$name tăng $change so với cùng kỳ, lên $level.",),
    "series_year_down": ("$name giảm $change so với cùng kỳ, xuống $level.",),
    "explain_up": (
        "$name đạt điểm số $score $horizon, xếp $rank, trước hết nhờ $group cộng thêm $size điểm.",
    ),
    "explain_down": (
        "$name đạt điểm số $score $horizon, xếp $rank, trước hết do $group trừ đi $size điểm.",
    ),
    "compare_head": (
        "Mức chênh so với thị trường $window của $first là $first_value, cao hơn mức "
        "$second_value của $second.",
    ),
    "watch_flip_none": (
        "Nhận định về $name sẽ trở về trung lập nếu $metric $window đi từ $start hiện nay đến "
        "$end.",
    ),
    "watch_flip_outperform": (
        "$name sẽ chuyển sang khả quan nếu $metric $window đi từ $start hiện nay đến $end.",
    ),
    "watch_flip_underperform": (
        "$name sẽ chuyển sang kém khả quan nếu $metric $window đi từ $start hiện nay đến $end.",
    ),
    "parts": ("Ngoài ra, trong điểm số của $name, $parts.",),
    "parts_more": ("Ngoài ra, trong điểm số của $name, $parts; phần còn lại không đáng kể bằng.",),
    "focus_none_up": (
        "Mô hình giữ quan điểm trung lập với $name $horizon, dù ngành vượt $market $size $window.",
    ),
    "focus_none_down": (
        "Mô hình giữ quan điểm trung lập với $name $horizon, sau khi ngành kém $market $size "
        "$window.",
    ),
    "tilt_size": ("Khi xác suất còn sát mức cân bằng, chỉ nên điều chỉnh tỷ trọng ở mức nhỏ.",),
}
"""Key → wordings beside the one in ``WORDING``, with the same blanks."""
