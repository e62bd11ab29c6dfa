"""What is said in Vietnamese, in the words of a Vietnamese market report."""

from __future__ import annotations

WORDING: dict[str, str] = {
    "and": "và",
    # thị trường và các ngành
    "move_edged_up": "$name tăng nhẹ $size $window.",
    "move_up": "$name tăng $size $window.",
    "move_jumped_up": "$name tăng vọt $size $window.",
    "move_edged_down": "$name giảm nhẹ $size $window.",
    "move_down": "$name giảm $size $window.",
    "move_jumped_down": "$name giảm sâu $size $window.",
    "move_flat": "$name đi ngang $window.",
    "rel_up": "$name vượt $market $size $window.",
    "rel_down": "$name kém $market $size $window.",
    "rel_flat": "$name ngang bằng $market $window.",
    "best_up": "$name là ngành mạnh nhất $window, vượt $market $size",
    "best_down": "Ngay cả ngành mạnh nhất $window là $name cũng kém $market $size",
    "best_flat": "Ngành mạnh nhất $window là $name cũng chỉ ngang bằng $market",
    "worst_down": "; yếu nhất là $name, kém $market $size.",
    "worst_up": "; yếu nhất là $name mà vẫn vượt $market $size.",
    "worst_flat": "; yếu nhất là $name, ngang bằng $market.",
    "weakest_down": "$name là ngành yếu nhất $window, kém $market $size.",
    "weakest_up": "Ngay cả ngành yếu nhất $window là $name cũng vượt $market $size.",
    "weakest_flat": "Ngành yếu nhất $window là $name, ngang bằng $market.",
    "runner_up": "Về nhì $window là $second, vượt $market $second_size; ở chiều ngược lại, "
    "$other kém $market $other_size.",
    "quadrant_leading": "Nhóm dẫn dắt gồm $names: mạnh so với $market và vẫn đang tăng tốc.",
    "quadrant_leading_one": "$names đang dẫn dắt: mạnh so với $market và vẫn đang tăng tốc.",
    "quadrant_improving": "Nhóm cải thiện gồm $names: còn yếu so với $market nhưng đang tăng tốc.",
    "quadrant_improving_one": "$names đang cải thiện: còn yếu so với $market nhưng đang tăng tốc.",
    "quadrant_weakening": "Nhóm suy yếu gồm $names: vẫn mạnh so với $market nhưng đang mất đà.",
    "quadrant_weakening_one": "$names đang suy yếu: vẫn mạnh so với $market nhưng đang mất đà.",
    "quadrant_lagging": "Nhóm tụt hậu gồm $names: yếu so với $market và vẫn đang mất đà.",
    "quadrant_lagging_one": "$names đang tụt hậu: yếu so với $market và vẫn đang mất đà.",
    # câu mở đầu
    "headline_outperform": "Mô hình nghiêng về $name, với xác suất vượt $market $horizon là "
    "$probability.",
    "headline_outperform_up": "Mô hình nghiêng về $name: xác suất vượt $market $horizon là "
    "$probability, sau khi ngành này vượt $market $size $window.",
    "headline_outperform_down": "Mô hình nghiêng về $name: xác suất vượt $market $horizon là "
    "$probability, dù ngành này kém $market $size $window.",
    "headline_outperform_flat": "Mô hình nghiêng về $name, với xác suất vượt $market $horizon là "
    "$probability.",
    "headline_underperform": "Mô hình thận trọng với $name: xác suất vượt $market $horizon chỉ là "
    "$probability.",
    "headline_underperform_up": "Mô hình thận trọng nhất với $name: xác suất vượt $market "
    "$horizon chỉ là $probability, dù ngành này vượt $market $size $window.",
    "headline_underperform_down": "Mô hình thận trọng nhất với $name: xác suất vượt $market "
    "$horizon chỉ là $probability, sau khi ngành này kém $market $size $window.",
    "headline_underperform_flat": "Mô hình thận trọng nhất với $name: xác suất vượt $market "
    "$horizon chỉ là $probability.",
    "headline_leader": "$best là ngành mạnh nhất $window, vượt $market $size; mô hình thận trọng "
    "nhất với $name, với xác suất vượt $market $horizon chỉ là $probability.",
    "headline_none_up": "$name là ngành mạnh nhất $window, vượt $market $size, nhưng nhìn về phía "
    "trước, mô hình giữ quan điểm trung lập với mọi ngành $horizon.",
    "headline_none_down": "Mọi ngành đều kém $market $window, dẫn đầu là $name, kém $size, và mô "
    "hình giữ quan điểm trung lập với mọi ngành $horizon.",
    "headline_none_flat": "Mô hình giữ quan điểm trung lập với mọi ngành $horizon.",
    "headline_moved_up": "$name là ngành mạnh nhất $window, vượt $market $size.",
    "headline_moved_down": "Mọi ngành đều kém $market $window, dẫn đầu là $name, kém $size.",
    "headline_moved_flat": "Ngành mạnh nhất $window là $name, ngang bằng $market.",
    "no_call_bare": "Mô hình giữ quan điểm trung lập với mọi ngành.",
    "nothing_known": "Chưa có dữ liệu nào trả lời được câu hỏi này; phần thiếu và lý do được liệt "
    "kê trong câu trả lời này.",
    "nothing_known_of": "Chưa có dữ liệu về $name tại ngày này; phần thiếu và lý do được liệt kê "
    "trong câu trả lời này.",
    # bảng điểm
    "no_call": "Mọi xác suất đều sát mức cân bằng nên mô hình không đưa ra nhận định. $top đứng "
    "đầu bảng xếp hạng, nhưng khoảng cách với các ngành khác chưa nói lên nhiều.",
    "no_gainer": "Mọi nhận định của mô hình $horizon đều nghiêng về thận trọng.",
    "chance_outperform": "$name được đánh giá khả quan: xác suất vượt $market $horizon là "
    "$probability, mức chênh kỳ vọng $expected.",
    "chance_outperform_bare": "$name được đánh giá khả quan: xác suất vượt $market $horizon là "
    "$probability.",
    "chance_underperform": "$name bị đánh giá kém khả quan: xác suất vượt $market $horizon là "
    "$probability, mức chênh kỳ vọng $expected.",
    "chance_underperform_bare": "$name bị đánh giá kém khả quan: xác suất vượt $market $horizon "
    "là $probability.",
    "chance_none": "Mô hình giữ quan điểm trung lập với $name $horizon.",
    "weight_up": "Điểm tựa của $name là $first, cộng thêm $first_size điểm.",
    "weight_down": "Lực cản của $name là $first, trừ đi $first_size điểm.",
    "weights_up_up": "Điểm tựa lớn nhất của $name là $first, cộng thêm $first_size điểm, kế đó là "
    "$second, cộng thêm $second_size điểm.",
    "weights_up_down": "Điểm tựa lớn nhất của $name là $first, cộng thêm $first_size điểm; ngược "
    "lại, $second trừ đi $second_size điểm.",
    "weights_down_down": "Lực cản lớn nhất của $name là $first, trừ đi $first_size điểm, kế đó là "
    "$second, trừ đi $second_size điểm.",
    "weights_down_up": "Lực cản lớn nhất của $name là $first, trừ đi $first_size điểm; bù lại, "
    "$second cộng thêm $second_size điểm.",
    "score": "$name đạt điểm số $score $horizon, xếp $rank.",
    "score_bare": "$name đạt điểm số $score $horizon.",
    "flip_outperform": "$name sẽ chuyển sang khả quan nếu $metric $window đi từ $start đến $end "
    "(tương đương $sd).",
    "flip_underperform": "$name sẽ chuyển sang kém khả quan nếu $metric $window đi từ $start đến "
    "$end (tương đương $sd).",
    "flip_none": "Nhận định về $name sẽ trở về trung lập nếu $metric $window đi từ $start đến "
    "$end (tương đương $sd).",
    "flip_outperform_other": "$name sẽ chuyển sang khả quan nếu $metric của $other $window đi từ "
    "$start đến $end (tương đương $sd).",
    "flip_underperform_other": "$name sẽ chuyển sang kém khả quan nếu $metric của $other $window "
    "đi từ $start đến $end (tương đương $sd).",
    "flip_close": "Nhận định về $name sẽ thay đổi nếu $metric $window, hiện $start, chỉ nhích đi "
    "$sd.",
    "flip_close_other": "Nhận định về $name sẽ thay đổi nếu $metric của $other $window, hiện "
    "$start, chỉ nhích đi $sd.",
    "flip_none_other": "Nhận định về $name sẽ trở về trung lập nếu $metric của $other $window đi "
    "từ $start đến $end (tương đương $sd).",
    "interval": "Dự báo cho $name so với $market $horizon nằm trong khoảng từ $low đến $high.",
    "interval_straddles": "Dự báo cho $name so với $market $horizon nằm trong khoảng rộng từ $low "
    "đến $high, tức là cả hai chiều đều có thể xảy ra.",
    # điểm mâu thuẫn
    "tape_up": "Giá và mô hình lệch pha ở $name: ngành vượt $market $size $window, nhưng xác suất "
    "vượt $market $horizon chỉ là $probability.",
    "tape_down": "Giá và mô hình lệch pha ở $name: ngành kém $market $size $window, nhưng xác "
    "suất vượt $market $horizon là $probability.",
    "foreign_against_up": "Giá và khối ngoại ngược chiều ở $name: ngành vượt $market $size "
    "$window, trong khi khối ngoại bán ròng $flow giá trị giao dịch.",
    "foreign_against_down": "Giá và khối ngoại ngược chiều ở $name: ngành kém $market $size "
    "$window, trong khi khối ngoại mua ròng $flow giá trị giao dịch.",
    "turn_up": "Ngắn hạn và trung hạn trái chiều ở $name: vượt $market $long $long_window nhưng "
    "kém $short $short_window.",
    "turn_down": "Ngắn hạn và trung hạn trái chiều ở $name: kém $market $long $long_window nhưng "
    "vượt $short $short_window.",
    "narrow": "Sức mạnh của $name thiếu độ lan tỏa: chỉ $share cổ phiếu nằm trên trung bình.",
    # rủi ro và điều cần theo dõi
    "record_above": "Trước ngày này, $rate nhận định $length của mô hình là đúng (khoảng tin cậy "
    "$low đến $high), cao hơn tỷ lệ nền $base.",
    "record_even": "Mô hình ở đây chưa hơn may rủi: $rate nhận định $length là đúng (khoảng tin "
    "cậy $low đến $high), trong khi tỷ lệ nền là $base.",
    "record_below": "Mô hình ở đây chưa đáng tin: $rate nhận định $length là đúng (khoảng tin cậy "
    "$low đến $high), thấp hơn tỷ lệ nền $base.",
    "confidence_low": "Mọi nhận định ở đây đều có độ tin cậy thấp.",
    "confidence_high": "Mức tin cậy “cao” nghĩa là các nhận định chắc chắn như vậy trước đây đúng nhiều hơn tỷ lệ "
    "nền; tính chung mọi nhận định thì chưa.",
    "volatility": "$name biến động mạnh nhất, với độ biến động quy năm $value $window.",
    "drawdown": "$name cách đỉnh xa nhất, nằm dưới đỉnh $value $window.",
    "surprise_up": "Số liệu mới nhất của $name cao hơn mức thay đổi thường thấy $size.",
    "surprise_down": "Số liệu mới nhất của $name thấp hơn mức thay đổi thường thấy $size.",
    # dòng tiền
    "no_flow": "Chưa có dữ liệu về khối ngoại ở đây.",
    "no_flow_market": "Thị trường này không có dữ liệu khối ngoại.",
    "foreign_market_up": "Khối ngoại mua ròng $value trên toàn thị trường $window, tương đương "
    "$share giá trị giao dịch.",
    "foreign_market_down": "Khối ngoại bán ròng $value trên toàn thị trường $window, tương đương "
    "$share giá trị giao dịch.",
    "foreign_market_flat": "Khối ngoại mua bán cân bằng trên toàn thị trường $window.",
    "foreign_market_up_bare": "Khối ngoại mua ròng $value trên toàn thị trường $window.",
    "foreign_market_down_bare": "Khối ngoại bán ròng $value trên toàn thị trường $window.",
    "foreign_market_flat_bare": "Khối ngoại mua bán cân bằng trên toàn thị trường $window.",
    "foreign_up": "Khối ngoại mua ròng $name $value $window, tương đương $share giá trị giao dịch "
    "của ngành.",
    "foreign_down": "Khối ngoại bán ròng $name $value $window, tương đương $share giá trị giao "
    "dịch của ngành.",
    "foreign_flat": "Khối ngoại mua bán $name cân bằng $window.",
    "foreign_up_bare": "Khối ngoại mua ròng $name $value $window.",
    "foreign_down_bare": "Khối ngoại bán ròng $name $value $window.",
    "foreign_flat_bare": "Khối ngoại mua bán $name cân bằng $window.",
    "foreign_most_up": "Họ mua ròng nhiều nhất ở $name, đạt $value $window.",
    "foreign_most_up_with_up": "Họ mua ròng nhiều nhất ở $name, đạt $value $window, và ngành này "
    "cũng vượt $market $price.",
    "foreign_most_up_with_down": "Họ mua ròng nhiều nhất ở $name, đạt $value $window, dù ngành "
    "này kém $market $price.",
    "foreign_most_up_with_flat": "Họ mua ròng nhiều nhất ở $name, đạt $value $window.",
    "foreign_most_down": "Khối ngoại bán ròng nhiều nhất ở $name, tới $value $window.",
    "foreign_most_down_with_up": "Khối ngoại bán ròng nhiều nhất ở $name, tới $value $window, dù "
    "ngành này vượt $market $price.",
    "foreign_most_down_with_down": "Khối ngoại bán ròng nhiều nhất ở $name, tới $value $window, "
    "và ngành này cũng kém $market $price.",
    "foreign_most_down_with_flat": "Khối ngoại bán ròng nhiều nhất ở $name, tới $value $window.",
    "share": "$name ($value)",
    "shares_up": "Theo từng mã, khối ngoại mua ròng nhiều nhất $window ở $parts.",
    "shares_down": "Khối ngoại bán ròng nhiều nhất $window ở $parts.",
    "no_share_flow": "Ở đây chưa có số liệu khối ngoại theo từng mã.",
    "no_trading": "Chưa có dữ liệu để biết giao dịch có đột biến hay không.",
    "busy_unusual": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường.",
    "busy_unusual_with_up": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường, "
    "trong lúc giá tăng $price.",
    "busy_unusual_with_down": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường, "
    "trong lúc giá giảm $price.",
    "busy_unusual_with_flat": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường.",
    "busy_usual": "Không ngành nào có giao dịch đột biến $window; sôi động nhất là $name, bằng "
    "$value mức bình thường.",
    "busy_usual_with_up": "Không ngành nào có giao dịch đột biến $window; sôi động nhất là $name, "
    "bằng $value mức bình thường, trong lúc giá tăng $price.",
    "busy_usual_with_down": "Không ngành nào có giao dịch đột biến $window; sôi động nhất là "
    "$name, bằng $value mức bình thường, trong lúc giá giảm $price.",
    "busy_usual_with_flat": "Không ngành nào có giao dịch đột biến $window; sôi động nhất là "
    "$name, bằng $value mức bình thường.",
    "busy_asked": "Giao dịch ở $name không có gì bất thường $window, bằng $value mức bình thường.",
    "busy_asked_with_up": "Giao dịch ở $name không có gì bất thường $window, bằng $value mức bình "
    "thường, trong lúc giá tăng $price.",
    "busy_asked_with_down": "Giao dịch ở $name không có gì bất thường $window, bằng $value mức "
    "bình thường, trong lúc giá giảm $price.",
    "busy_asked_with_flat": "Giao dịch ở $name không có gì bất thường $window, bằng $value mức "
    "bình thường.",
    "quiet": "$name trầm lắng nhất $window, chỉ bằng $value mức bình thường.",
    "busy_share": "$name ($value)",
    "busy_shares_one": "Theo từng mã, chỉ $name có giao dịch đột biến $window, gấp $value mức "
    "bình thường.",
    "busy_shares": "Các mã giao dịch vượt xa mức bình thường nhất $window: $parts.",
    "no_busy_share": "Không mã nào nổi bật về giao dịch $window.",
    "blocks": "Giao dịch thỏa thuận ở $name đạt $value $window.",
    "blocks_market": "Giao dịch thỏa thuận trên toàn thị trường đạt $value $window.",
    "blocks_in": "Giao dịch thỏa thuận $window lớn nhất ở $parts.",
    "blocks_in_one": "Toàn bộ giao dịch thỏa thuận $window ở $parts.",
    # tin tức và tín hiệu khác
    "no_news": "Chưa có dữ liệu về sắc thái tin tức.",
    "no_news_market": "Thị trường này không có dữ liệu sắc thái tin tức.",
    "no_news_of": "Chưa có dữ liệu tin tức về $name.",
    "news_ends": "Sắc thái tin tức trung bình $window cao nhất ở $best, mức $tone, và thấp nhất ở $worst, mức "
    "$other.",
    "news_of": "Sắc thái tin tức về $name là $now, trung bình $mean $window.",
    "news_of_bare": "Sắc thái tin tức về $name là $now.",
    "signal_of": "Với $name, $signal là $value.",
    "signal_changed": "Với $name, $signal là $value, sau khi thay đổi $change $window.",
    # vĩ mô
    "no_macro": "Chưa có dữ liệu của chuỗi nào được hỏi.",
    "series": "$name hiện ở mức $level.",
    "series_up": "$name đang ở mức $level, tăng $change $window.",
    "series_down": "$name đang ở mức $level, giảm $change $window.",
    "series_year_up": "$name đang ở mức $level, tăng $change so với cùng kỳ.",
    "series_year_down": "$name đang ở mức $level, giảm $change so với cùng kỳ.",
    "series_year_flat": "$name đang ở mức $level, mức thay đổi $change so với cùng kỳ.",
    # cổ phiếu
    "stock_up_up": "$name tăng $own $window và vượt $market $against.",
    "stock_up_down": "$name tăng $own $window nhưng kém $market $against.",
    "stock_up_flat": "$name tăng $own $window, ngang bằng $market.",
    "stock_down_up": "$name giảm $own $window nhưng vẫn vượt $market $against.",
    "stock_down_down": "$name giảm $own $window và kém $market $against.",
    "stock_down_flat": "$name giảm $own $window, ngang bằng $market.",
    "stock_flat_up": "$name đi ngang $window và vượt $market $against.",
    "stock_flat_down": "$name đi ngang $window và kém $market $against.",
    "stock_flat_flat": "$name đi ngang $window, ngang bằng $market.",
    "stock_risk": "Độ biến động quy năm của $name là $volatility $window; giá đang nằm dưới đỉnh "
    "$fall $fall_window.",
    "stock_risk_high": "Độ biến động quy năm của $name là $volatility $window; giá đang ở đỉnh "
    "$fall_window.",
    "its_sector_up": "$symbol thuộc ngành $name, ngành này vượt $market $size $window.",
    "its_sector_down": "$symbol thuộc ngành $name, ngành này kém $market $size $window.",
    "its_sector_flat": "$symbol thuộc ngành $name, ngành này ngang bằng $market $window.",
    # so sánh
    "compare_level": "So với thị trường, $first ở mức $first_value và $second ở mức $second_value "
    "$window.",
    "compare_head": "$first mạnh hơn $second $window: so với thị trường, lần lượt là $first_value "
    "và $second_value.",
    "compare_ahead": "Xác suất vượt $market $horizon của $ahead là $chance, của $behind là "
    "$other_chance.",
    "compare_yet": "Dù vậy, $first mạnh hơn $second $window: so với thị trường, lần lượt là "
    "$first_value và $second_value.",
    # nghiên cứu
    # trò chuyện
    "help": "Bạn có thể hỏi dòng tiền đang luân chuyển thế nào giữa các ngành, bằng tiếng Việt "
    "hoặc tiếng Anh.",
    "help_sectors": "Hãy hỏi ngành nào đang dẫn dắt hay tụt hậu, ngành nào được đánh giá khả "
    "quan, vì sao một ngành xếp hạng như vậy và điều gì làm đổi nhận định, hoặc so sánh các ngành.",
    "help_macro": "Có thể hỏi lãi suất, lạm phát và các số liệu vĩ mô khác đang ở đâu.",
    "help_flows": "Có thể hỏi khối ngoại đang mua bán gì.",
    "help_shares": "Có thể hỏi về một cổ phiếu cụ thể và về giao dịch đột biến.",
    "help_more": "Cũng có thể hỏi kịch bản như tăng lãi suất, kiểm định một chiến lược đơn giản "
    "trên dữ liệu quá khứ, hoặc dữ liệu cập nhật đến đâu.",
    "help_ground": "Mọi con số trong câu trả lời đều lấy từ dữ liệu của chính thị trường tại ngày "
    "được hỏi; phần nào thiếu sẽ được nói rõ.",
    "thanks": "Không có gì, bạn cần xem thêm gì cứ hỏi nhé.",
    "parting": "Tạm biệt, hẹn gặp lại.",
    "hello": "Xin chào. Bạn muốn xem dòng tiền đang chảy vào ngành nào? Cứ hỏi, tôi sẽ trả lời "
    "bằng số liệu.",
    "out_of_scope": "Câu này nằm ngoài phạm vi của tôi: tôi chỉ nghiên cứu sự luân chuyển dòng "
    "tiền giữa các ngành của thị trường này.",
    "out_of_scope_instead": "Tôi không đặt lệnh và không tư vấn đầu tư cá nhân. Bạn có thể hỏi "
    "ngành nào đang dẫn dắt, vì sao một ngành xếp hạng như vậy, hoặc các số liệu vĩ mô.",
    "clarify": "Bạn muốn hỏi ngành, cổ phiếu hay khung thời gian nào?",
    "second_opinion": "Một mô hình thay thế cục bộ, tức đường thẳng khớp với điểm số quanh $name, xác nhận "
    "chiều tác động của $agreement các đóng góp.",
    "part_up": "$group cộng thêm $size",
    "part_down": "$group trừ đi $size",
    "parts": "Tiếp theo trong điểm số của $name, $parts.",
    "explain_up": "$name xếp $rank $horizon với điểm số $score, trước hết nhờ $group cộng thêm "
    "$size điểm.",
    "explain_down": "$name xếp $rank $horizon với điểm số $score, trước hết do $group trừ đi "
    "$size điểm.",
    "median": "Dự báo trung vị cho $name so với $market $horizon là $expected.",
    "scenario_head": "Trong kịch bản này, $best có mức chênh ước tính cao nhất là $best_value, "
    "còn $worst có mức chênh ước tính thấp nhất là $worst_value.",
    "scenario_both": "Nếu xảy ra cú sốc $shock đối với $driver, $best tăng nhiều nhất so với "
    "$market, ước tính $best_size (sai số chuẩn $best_error), còn $worst giảm nhiều nhất, ước "
    "tính $worst_size (sai số chuẩn $worst_error).",
    "scenario_both_worst": "Nếu xảy ra cú sốc $shock đối với $driver, $worst giảm nhiều nhất so với "
    "$market, ước tính $worst_size (sai số chuẩn $worst_error), còn $best tăng nhiều nhất, ước "
    "tính $best_size (sai số chuẩn $best_error).",
    "scenario_stretched": "Cú sốc này nằm ngoài mọi thay đổi theo tháng mà ước tính dựa vào, nên "
    "chỉ nên tin thứ tự, đừng tin độ lớn.",
    "scenario_stretched_one": "Cú sốc này nằm ngoài mọi thay đổi theo tháng mà ước tính dựa vào, "
    "nên chỉ nên tin chiều hướng, đừng tin độ lớn.",
    "scenario_one_up": "Nếu xảy ra cú sốc $shock đối với $driver, $name tăng ước tính $size so "
    "với $market (sai số chuẩn $error).",
    "scenario_one_down": "Nếu xảy ra cú sốc $shock đối với $driver, $name giảm ước tính $size so "
    "với $market (sai số chuẩn $error).",
    "scenario_one_flat": "Nếu xảy ra cú sốc $shock đối với $driver, $name ngang bằng $market (sai "
    "số chuẩn $error).",
    "scenario_clear_asked": "Ước tính của $name có ý nghĩa thống kê, đạt gấp đôi sai số chuẩn trở "
    "lên.",
    "scenario_doubt_asked": "Ước tính của $name chưa có ý nghĩa thống kê, vì chưa đạt gấp đôi sai "
    "số chuẩn.",
    "driver_flow": "dòng vốn ngoại của $market, tính theo giá trị giao dịch",
    "scenario_asked": "Trong kịch bản này, mức chênh ước tính của $name là $value, sai số chuẩn "
    "$error.",
    "scenario_total": "Lợi suất riêng ước tính của $name là $value, sai số chuẩn $error.",
    "scenario_doubt": "Không ước tính nào có ý nghĩa thống kê, vì chưa ước tính nào đạt gấp đôi "
    "sai số chuẩn.",
    "scenario_clear": "Ước tính của $names có ý nghĩa thống kê, đạt gấp đôi sai số chuẩn trở lên.",
    "scenario_clear_one": "Chỉ ước tính của $names có ý nghĩa thống kê, đạt gấp đôi sai số chuẩn "
    "trở lên.",
    "backtest_up": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, cao hơn mức $base "
    "mỗi năm của $other.",
    "backtest_excess": "Lợi suất vượt trội của $name là $excess mỗi năm $window.",
    "backtest_down": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, thấp hơn mức $base "
    "mỗi năm của $other.",
    "backtest_flat": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, ngang bằng $other.",
    "backtest_alone": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí.",
    "backtest_near": "$name và $other có cùng lợi suất $window: $own và $base mỗi năm, đã tính chi "
    "phí.",
    "backtest_risk": "Mức sụt lớn nhất của $name là $fall $window, của $other là $other_fall.",
    "backtest_turnover": "$name quay vòng $turnover danh mục mỗi năm, đây là nguồn phát sinh chi "
    "phí.",
    "backtest_sharpe": "Hệ số Sharpe của $name là $own $window, của $other là $base.",
    "scenario_shock": "Kịch bản giả định cú sốc $shock đối với $driver.",
    "all_alike": "Mọi ngành ở đây có cùng một nhận định, nên thứ tự nói lên nhiều hơn bản thân "
    "nhận định.",
    "tilt_outperform": "$names được đánh giá khả quan $horizon.",
    "tilt_outperform_one": "$names được đánh giá khả quan $horizon.",
    "tilt_underperform": "$names bị đánh giá kém khả quan $horizon.",
    "tilt_underperform_one": "$names bị đánh giá kém khả quan $horizon.",
    "tilt_size": "Xác suất sát mức cân bằng như vậy chỉ đủ để điều chỉnh tỷ trọng ở mức nhỏ.",
    "record_none": "Ở đây mô hình chưa có đủ lịch sử dự báo để đánh giá.",
    "track_calls": "Mô hình đưa ra nhận định $length ở $share số trường hợp, $calls nhận định tất "
    "cả.",
    "then_now": "$name xếp $now $horizon, so với $then vào ngày $day.",
    "then_chance": "Xác suất vượt $market $horizon của ngành này là $now, so với $then vào ngày "
    "$day.",
    "watch_flip_none": "Theo dõi $metric của $name $window: nếu đi từ $start hiện nay đến $end, "
    "nhận định sẽ trở về trung lập.",
    "watch_flip_outperform": "Theo dõi $metric của $name $window: nếu đi từ $start hiện nay đến "
    "$end, ngành sẽ chuyển sang khả quan.",
    "watch_flip_underperform": "Theo dõi $metric của $name $window: nếu đi từ $start hiện nay đến "
    "$end, ngành sẽ chuyển sang kém khả quan.",
    "volatility_plain": "Độ biến động quy năm của $name là $value $window.",
    "drawdown_plain": "$name nằm dưới đỉnh $value $window.",
    "parts_more": "Tiếp theo trong điểm số của $name, $parts; các nhóm còn lại không đáng kể bằng.",
    # điều câu hỏi mặc định, và câu trả lời về một vài ngành
    "headline_slim_outperform": "$best là ngành mạnh nhất $window, vượt $market $size; mô hình "
    "chỉ nghiêng nhẹ về $name, với xác suất vượt $market $horizon là $probability.",
    "headline_slim_underperform": "$best là ngành mạnh nhất $window, vượt $market $size; mô hình "
    "chỉ thận trọng đôi chút với $name, với xác suất vượt $market $horizon là $probability.",
    "headline_slim_same": "$best là ngành mạnh nhất $window, vượt $market $size; mô hình cũng "
    "nghiêng về ngành này, nhưng chỉ nhẹ: xác suất vượt $market $horizon là $probability.",
    "both_up_up": "$name vượt $market $size $window và $long $long_window.",
    "both_down_down": "$name kém $market $size $window và $long $long_window.",
    "both_up_down": "$name vượt $market $size $window nhưng kém $long $long_window.",
    "both_down_up": "$name kém $market $size $window nhưng vượt $long $long_window.",
    "not_low": "$name không hề xếp thấp: ngành xếp $rank $horizon, còn $edge mới đứng cuối.",
    "not_high": "$name không xếp cao: ngành xếp $rank $horizon, còn $edge mới đứng đầu.",
    "not_first": "Thực ra vị trí đó không thuộc về $name: ngành xếp $rank $horizon, còn $edge mới "
    "đứng đầu.",
    "not_last": "Thực ra vị trí đó không thuộc về $name: ngành xếp $rank $horizon, còn $edge mới "
    "đứng cuối.",
    "rank_so": "Đúng vậy: $name xếp $rank $horizon.",
    "not_so": "Thực ra không phải vậy: $sentence",
    "so": "Đúng vậy: $sentence",
    "no": "Không: $sentence",
    "focus_outperform_up": "$name vượt $market $size $window, và mô hình cho xác suất "
    "$probability để ngành tiếp tục vượt $market $horizon.",
    "focus_outperform_down": "$name kém $market $size $window, nhưng mô hình cho xác suất "
    "$probability để ngành vượt $market $horizon.",
    "focus_outperform_flat": "$name ngang bằng $market $window, và mô hình cho xác suất "
    "$probability để ngành vượt $market $horizon.",
    "focus_underperform_up": "$name vượt $market $size $window, nhưng xác suất tiếp tục vượt "
    "$market $horizon chỉ là $probability.",
    "focus_underperform_down": "$name kém $market $size $window, và xác suất vượt $market "
    "$horizon chỉ là $probability.",
    "focus_underperform_flat": "$name ngang bằng $market $window, và xác suất vượt $market "
    "$horizon chỉ là $probability.",
    "focus_none_up": "$name vượt $market $size $window, nhưng mô hình giữ quan điểm trung lập với "
    "ngành $horizon.",
    "focus_none_down": "$name kém $market $size $window, và mô hình giữ quan điểm trung lập với "
    "ngành $horizon.",
    "focus_none_flat": "$name ngang bằng $market $window, và mô hình giữ quan điểm trung lập với "
    "ngành $horizon.",
    "no_flip": "Không một biến số nào, nếu chỉ đi trong biên độ quá khứ của nó, làm đổi được nhận "
    "định về $name.",
}
"""Key → sentence; :data:`VARIANTS` has other wordings of some."""
