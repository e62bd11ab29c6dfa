"""What is said in Vietnamese, in the words of a Vietnamese market report."""

from __future__ import annotations

WORDING: dict[str, str | tuple[str, ...]] = {
    "and": "và",
    # thị trường và các ngành
    "move_edged_up": "$name nhích lên $size $window.",
    "move_up": "$name tăng $size $window.",
    "move_jumped_up": "$name bật tăng $size $window.",
    "move_edged_down": "$name nhích xuống $size $window.",
    "move_down": "$name giảm $size $window.",
    "move_jumped_down": "$name lao dốc $size $window.",
    "move_flat": "$name đi ngang $window.",
    "rel_up": "$name vượt $market $size $window.",
    "rel_down": "$name kém $market $size $window.",
    "rel_flat": "$name ngang bằng $market $window.",
    "best_up": "$name là ngành mạnh nhất $window, vượt $market $size",
    "best_down": "Ngay cả ngành mạnh nhất $window là $name cũng kém $market $size",
    "best_flat": "Ngành mạnh nhất $window là $name, ngang bằng $market",
    "worst_down": "; $name yếu nhất, kém $market $size.",
    "worst_up": "; ngành yếu nhất là $name vẫn vượt $market $size.",
    "worst_flat": "; ngành yếu nhất là $name, ngang bằng $market.",
    "weakest_down": "$name là ngành yếu nhất $window, kém $market $size.",
    "weakest_up": "Ngay cả ngành yếu nhất $window là $name cũng vượt $market $size.",
    "weakest_flat": "Ngành yếu nhất $window là $name, ngang bằng $market.",
    "runner_up": "Đứng kế tiếp $window, $second vượt $market $second_size; ở đầu kia, $other kém "
    "$market $other_size.",
    "quadrant_leading": "Nhóm dẫn dắt gồm $names: mạnh so với $market và vẫn đang tăng tốc.",
    "quadrant_leading_one": "$names đang dẫn dắt: mạnh so với $market và vẫn đang tăng tốc.",
    "quadrant_improving": "Nhóm cải thiện gồm $names: còn yếu so với $market nhưng đang tăng tốc.",
    "quadrant_improving_one": "$names đang cải thiện: còn yếu so với $market nhưng đang tăng tốc.",
    "quadrant_weakening": "Nhóm suy yếu gồm $names: vẫn mạnh so với $market nhưng đang mất đà.",
    "quadrant_weakening_one": "$names đang suy yếu: vẫn mạnh so với $market nhưng đang mất đà.",
    "quadrant_lagging": "Nhóm tụt hậu gồm $names: yếu so với $market và tiếp tục mất đà.",
    "quadrant_lagging_one": "$names đang tụt hậu: yếu so với $market và tiếp tục mất đà.",
    # câu mở đầu
    "headline_outperform": "Mô hình ưu tiên $name, với xác suất vượt $market $horizon là "
    "$probability.",
    "headline_outperform_up": "Mô hình ưu tiên $name, với xác suất vượt $market $horizon là "
    "$probability, sau khi ngành này vượt $market $size $window.",
    "headline_outperform_down": "Mô hình ưu tiên $name, với xác suất vượt $market $horizon là "
    "$probability, dù ngành này kém $market $size $window.",
    "headline_outperform_flat": "Mô hình ưu tiên $name, với xác suất vượt $market $horizon là "
    "$probability.",
    "headline_underperform": "Nhận định rõ nhất là thận trọng với $name: xác suất vượt $market "
    "$horizon chỉ là $probability.",
    "headline_underperform_up": "Nhận định rõ nhất là thận trọng với $name: xác suất vượt $market "
    "$horizon chỉ là $probability, dù ngành này vượt $market $size $window.",
    "headline_underperform_down": "Nhận định rõ nhất là thận trọng với $name: xác suất vượt "
    "$market $horizon chỉ là $probability, sau khi ngành này kém $market $size $window.",
    "headline_underperform_flat": "Nhận định rõ nhất là thận trọng với $name: xác suất vượt "
    "$market $horizon chỉ là $probability.",
    "headline_leader": "$best là ngành mạnh nhất $window, vượt $market $size; nhận định rõ nhất là "
    "thận trọng với $name, với xác suất vượt $market $horizon chỉ là $probability.",
    "headline_none_up": "$name là ngành mạnh nhất $window, vượt $market $size, nhưng chưa ngành "
    "nào có lợi thế rõ $horizon.",
    "headline_none_down": "Mọi ngành đều kém $market $window, ít nhất là $name với $size, và chưa "
    "ngành nào có lợi thế rõ $horizon.",
    "headline_none_flat": "Chưa ngành nào có lợi thế rõ $horizon.",
    "headline_moved_up": "$name là ngành mạnh nhất $window, vượt $market $size.",
    "headline_moved_down": "Mọi ngành đều kém $market $window, ít nhất là $name với $size.",
    "headline_moved_flat": "Ngành mạnh nhất $window là $name, ngang bằng $market.",
    "no_call_bare": "Chưa ngành nào có lợi thế rõ.",
    "nothing_known": "Chưa có dữ liệu nào trả lời được câu hỏi này; phần thiếu và lý do được liệt "
    "kê trong câu trả lời này.",
    "nothing_known_of": "Chưa có dữ liệu về $name tại ngày này; phần thiếu và lý do được liệt kê "
    "trong câu trả lời này.",
    # bảng điểm
    "no_call": "Mọi xác suất đều quá gần mức cân bằng để đưa ra nhận định. $top đứng đầu bảng xếp "
    "hạng, nhưng thứ tự này chưa có lợi thế rõ đằng sau.",
    "no_gainer": "Mọi nhận định của mô hình $horizon đều mang tính thận trọng.",
    "chance_outperform": "$name có khả năng vượt trội: xác suất vượt $market $horizon là "
    "$probability, mức chênh kỳ vọng $expected.",
    "chance_outperform_bare": "$name có khả năng vượt trội: xác suất vượt $market $horizon là "
    "$probability.",
    "chance_underperform": "$name có khả năng kém hơn: xác suất vượt $market $horizon là "
    "$probability, mức chênh kỳ vọng $expected.",
    "chance_underperform_bare": "$name có khả năng kém hơn: xác suất vượt $market $horizon là "
    "$probability.",
    "chance_none": "Mô hình chưa thấy lợi thế rõ ở $name $horizon.",
    "weight_up": "Điểm tựa của $name là $first, cộng thêm $first_size vào điểm số.",
    "weight_down": "Lực cản của $name là $first, lấy đi $first_size điểm.",
    "weights_up_up": "Điểm tựa lớn nhất của $name là $first, cộng thêm $first_size vào điểm số, "
    "rồi đến $second, cộng thêm $second_size.",
    "weights_up_down": "Điểm tựa lớn nhất của $name là $first, cộng thêm $first_size vào điểm số; "
    "$second lấy đi $second_size.",
    "weights_down_down": "Lực cản lớn nhất của $name là $first, lấy đi $first_size điểm, rồi đến "
    "$second, lấy đi $second_size.",
    "weights_down_up": "Lực cản lớn nhất của $name là $first, lấy đi $first_size điểm; $second "
    "cộng thêm $second_size.",
    "score": "$name có điểm số $score $horizon, xếp $rank.",
    "score_bare": "$name có điểm số $score $horizon.",
    "flip_outperform": "$name sẽ chuyển sang có khả năng vượt trội nếu $metric $window đi từ "
    "$start đến $end, một bước $sd.",
    "flip_underperform": "$name sẽ chuyển sang có khả năng kém hơn nếu $metric $window đi từ "
    "$start đến $end, một bước $sd.",
    "flip_none": "Nhận định về $name sẽ trở về chưa rõ lợi thế nếu $metric $window đi từ $start "
    "đến $end, một bước $sd.",
    "flip_outperform_other": "$name sẽ chuyển sang có khả năng vượt trội nếu $metric của $other "
    "$window đi từ $start đến $end, một bước $sd.",
    "flip_underperform_other": "$name sẽ chuyển sang có khả năng kém hơn nếu $metric của $other "
    "$window đi từ $start đến $end, một bước $sd.",
    "flip_none_other": "Nhận định về $name sẽ trở về chưa rõ lợi thế nếu $metric của $other "
    "$window đi từ $start đến $end, một bước $sd.",
    "interval": "Khoảng dự báo của $name so với $market $horizon là từ $low đến $high.",
    "interval_straddles": "Khoảng dự báo của $name so với $market $horizon trải từ $low đến $high, "
    "nên kết quả chiều nào cũng nằm trong khoảng này.",
    # điểm mâu thuẫn
    "tape_up": "Giá và mô hình trái chiều ở $name: ngành vượt $market $size $window, nhưng "
    "xác suất vượt $market $horizon chỉ là $probability.",
    "tape_down": "Giá và mô hình trái chiều ở $name: ngành kém $market $size $window, nhưng "
    "xác suất vượt $market $horizon là $probability.",
    "foreign_against_up": "Giá và khối ngoại trái chiều ở $name: ngành vượt $market $size $window, "
    "trong khi khối ngoại bán ròng $flow giá trị giao dịch.",
    "foreign_against_down": "Giá và khối ngoại trái chiều ở $name: ngành kém $market $size "
    "$window, trong khi khối ngoại mua ròng $flow giá trị giao dịch.",
    "turn_up": "Các khung thời gian trái chiều ở $name: vượt $market $long $long_window nhưng kém "
    "$short $short_window.",
    "turn_down": "Các khung thời gian trái chiều ở $name: kém $market $long $long_window nhưng "
    "vượt $short $short_window.",
    "narrow": "Đà dẫn của $name khá hẹp: $share cổ phiếu nằm trên trung bình.",
    # rủi ro và điều cần theo dõi
    "record_above": "Thành tích của mô hình trước ngày này: $rate nhận định $length là đúng (khoảng "
    "tin cậy $low đến $high), cao hơn tỷ lệ nền $base.",
    "record_even": "Thành tích của mô hình ở đây chưa hơn may rủi: $rate nhận định $length là đúng "
    "(khoảng tin cậy $low đến $high), trong khi tỷ lệ nền là $base.",
    "record_below": "Thành tích của mô hình ở đây chưa đáng tin: $rate nhận định $length là "
    "đúng (khoảng tin cậy $low đến $high), thấp hơn tỷ lệ nền $base.",
    "confidence_low": "Mọi nhận định ở đây đều có độ tin cậy thấp.",
    "volatility": "$name biến động mạnh nhất, với độ biến động quy năm $value $window.",
    "drawdown": "$name nằm sâu nhất dưới đỉnh, $value $window.",
    "surprise_up": "Số liệu mới nhất của $name cao hơn mức thay đổi thường thấy $size.",
    "surprise_down": "Số liệu mới nhất của $name thấp hơn mức thay đổi thường thấy $size.",
    # dòng tiền
    "no_flow": "Chưa có dữ liệu về khối ngoại ở đây.",
    "no_flow_market": "Thị trường này không có dữ liệu khối ngoại.",
    "foreign_market_up": "Khối ngoại mua ròng $value trên toàn thị trường $window, bằng $share giá "
    "trị giao dịch.",
    "foreign_market_down": "Khối ngoại bán ròng $value trên toàn thị trường $window, bằng $share "
    "giá trị giao dịch.",
    "foreign_market_flat": "Khối ngoại mua và bán cân bằng trên toàn thị trường $window.",
    "foreign_market_up_bare": "Khối ngoại mua ròng $value trên toàn thị trường $window.",
    "foreign_market_down_bare": "Khối ngoại bán ròng $value trên toàn thị trường $window.",
    "foreign_market_flat_bare": "Khối ngoại mua và bán cân bằng trên toàn thị trường $window.",
    "foreign_up": "Khối ngoại mua ròng $name $value $window, bằng $share giá trị giao dịch.",
    "foreign_down": "Khối ngoại bán ròng $name $value $window, bằng $share giá trị giao dịch.",
    "foreign_flat": "Khối ngoại mua và bán $name cân bằng $window.",
    "foreign_up_bare": "Khối ngoại mua ròng $name $value $window.",
    "foreign_down_bare": "Khối ngoại bán ròng $name $value $window.",
    "foreign_flat_bare": "Khối ngoại mua và bán $name cân bằng $window.",
    "foreign_most_up": "Họ mua ròng nhiều nhất ở $name, $value $window.",
    "foreign_most_up_with_up": "Họ mua ròng nhiều nhất ở $name, $value $window, và ngành này vượt "
    "$market $price.",
    "foreign_most_up_with_down": "Họ mua ròng nhiều nhất ở $name, $value $window, nhưng ngành này "
    "kém $market $price.",
    "foreign_most_up_with_flat": "Họ mua ròng nhiều nhất ở $name, $value $window.",
    "foreign_most_down": "Họ bán ròng nhiều nhất ở $name, $value $window.",
    "foreign_most_down_with_up": "Họ bán ròng nhiều nhất ở $name, $value $window, nhưng ngành này "
    "vượt $market $price.",
    "foreign_most_down_with_down": "Họ bán ròng nhiều nhất ở $name, $value $window, và ngành này "
    "kém $market $price.",
    "foreign_most_down_with_flat": "Họ bán ròng nhiều nhất ở $name, $value $window.",
    "share": "$name ($value)",
    "shares_up": "Trong các cổ phiếu, khối ngoại mua ròng nhiều nhất $window ở $parts.",
    "shares_down": "Trong các cổ phiếu, khối ngoại bán ròng nhiều nhất $window ở $parts.",
    "no_trading": "Chưa có dữ liệu để biết giao dịch có đột biến hay không.",
    "busy_unusual": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường.",
    "busy_unusual_with_up": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường, khi "
    "giá tăng $price.",
    "busy_unusual_with_down": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường, khi "
    "giá giảm $price.",
    "busy_unusual_with_flat": "Giao dịch ở $name đột biến $window, gấp $value mức bình thường.",
    "busy_usual": "Không ngành nào giao dịch đột biến $window; sôi động nhất là $name, bằng $value "
    "mức bình thường.",
    "busy_usual_with_up": "Không ngành nào giao dịch đột biến $window; sôi động nhất là $name, "
    "bằng $value mức bình thường, khi giá tăng $price.",
    "busy_usual_with_down": "Không ngành nào giao dịch đột biến $window; sôi động nhất là $name, "
    "bằng $value mức bình thường, khi giá giảm $price.",
    "busy_usual_with_flat": "Không ngành nào giao dịch đột biến $window; sôi động nhất là $name, "
    "bằng $value mức bình thường.",
    "busy_asked": "Giao dịch ở $name trong mức thường thấy $window, bằng $value mức bình thường.",
    "busy_asked_with_up": "Giao dịch ở $name trong mức thường thấy $window, bằng $value mức bình "
    "thường, khi giá tăng $price.",
    "busy_asked_with_down": "Giao dịch ở $name trong mức thường thấy $window, bằng $value mức bình "
    "thường, khi giá giảm $price.",
    "busy_asked_with_flat": "Giao dịch ở $name trong mức thường thấy $window, bằng $value mức bình "
    "thường.",
    "quiet": "$name trầm lắng nhất $window, bằng $value mức bình thường.",
    "busy_share": "$name ($value)",
    "busy_shares_one": "Trong các cổ phiếu, chỉ $name giao dịch đột biến $window, gấp $value mức "
    "bình thường.",
    "busy_shares": "Cổ phiếu giao dịch vượt xa mức bình thường nhất $window: $parts.",
    "no_busy_share": "Không cổ phiếu nào nổi bật về giao dịch $window.",
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
    "series_up": "$name hiện ở mức $level, tăng $change $window.",
    "series_down": "$name hiện ở mức $level, giảm $change $window.",
    "series_year_up": "$name hiện ở mức $level, tăng $change so với cùng kỳ.",
    "series_year_down": "$name hiện ở mức $level, giảm $change so với cùng kỳ.",
    "series_year_flat": "$name hiện ở mức $level, mức thay đổi $change so với cùng kỳ.",
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
    "stock_risk": "Độ biến động quy năm của $name là $volatility $window; giá nằm dưới đỉnh $fall "
    "$fall_window.",
    "stock_risk_high": "Độ biến động quy năm của $name là $volatility $window; giá đang ở đỉnh "
    "$fall_window.",
    "its_sector_up": "Ngành của $symbol là $name vượt $market $size $window.",
    "its_sector_down": "Ngành của $symbol là $name kém $market $size $window.",
    "its_sector_flat": "Ngành của $symbol là $name ngang bằng $market $window.",
    # so sánh
    "compare_level": "Mức chênh so với thị trường $window là $first_value ở $first, và "
    "$second_value ở $second.",
    "compare_head": "$first mạnh hơn $second $window: lần lượt $first_value và $second_value so với "
    "thị trường.",
    # nghiên cứu
    "health": "Các nguồn dữ liệu đều cập nhật.",
    "health_gaps": "Một số nguồn dữ liệu chậm hoặc thiếu; phần thiếu được liệt kê trong câu trả "
    "lời này.",
    "track": "Các dự báo tại ngày này nằm trong bảng; kết quả của chúng thì chưa biết.",
    # trò chuyện
    "help": "Bạn có thể hỏi dòng tiền đang luân chuyển giữa các ngành của thị trường này thế nào, "
    "bằng tiếng Việt hoặc tiếng Anh.",
    "help_sectors": "Hãy hỏi ngành nào dẫn dắt hay tụt hậu, ngành nào có khả năng vượt trội, vì "
    "sao một ngành xếp hạng như vậy và điều gì làm đổi nhận định, hoặc so sánh các ngành.",
    "help_macro": "Có thể hỏi lãi suất, lạm phát và các số liệu vĩ mô khác đang ở đâu.",
    "help_flows": "Có thể hỏi khối ngoại đang mua bán gì.",
    "help_shares": "Có thể hỏi về một cổ phiếu cụ thể và về giao dịch đột biến.",
    "help_more": "Cũng có thể hỏi kịch bản như tăng lãi suất, kiểm định một chiến lược đơn giản "
    "trên quá khứ, hoặc dữ liệu mới đến đâu.",
    "help_ground": "Mọi con số trong câu trả lời đều lấy từ dữ liệu của chính thị trường tại ngày "
    "được hỏi; phần nào thiếu sẽ được nói rõ.",
    "thanks": "Không có gì, rất vui được giúp bạn.",
    "parting": "Tạm biệt, hẹn gặp lại.",
    "hello": "Xin chào. Hãy hỏi dòng tiền đang luân chuyển giữa các ngành thế nào, tôi sẽ cho bạn "
    "xem số liệu nói gì.",
    "out_of_scope": "Câu này nằm ngoài phạm vi trả lời: tôi chỉ nghiên cứu sự luân chuyển dòng "
    "tiền giữa các ngành của thị trường này.",
    "out_of_scope_instead": "Tôi không đặt lệnh và không tư vấn cá nhân. Bạn có thể hỏi ngành nào "
    "đang dẫn dắt, điều gì đứng sau thứ hạng của một ngành, hoặc các số liệu vĩ mô.",
    "clarify": "Bạn muốn hỏi ngành, cổ phiếu hay khung thời gian nào?",
    "part_up": "$group cộng thêm $size",
    "part_down": "$group lấy đi $size",
    "parts": "Trong điểm số của $name, $parts.",
    "explain_up": "$name xếp $rank $horizon với điểm số $score, trước hết vì $group cộng thêm "
    "$size.",
    "explain_down": "$name xếp $rank $horizon với điểm số $score, trước hết vì $group lấy đi "
    "$size.",
    "median": "Dự báo trung vị cho $name so với $market $horizon là $expected.",
    "focus_none": "$name chưa rõ lợi thế $horizon, với mức chênh so với thị trường là $move "
    "$window.",
    "scenario_head": "Trong kịch bản này, mức chênh ước tính của $best là $best_value, cao nhất "
    "trong các ngành, còn mức chênh ước tính của $worst là $worst_value, thấp nhất.",
    "scenario_both": "Với cú sốc $shock đối với $driver, $best tăng nhiều nhất so với $market, ước "
    "tính $best_size (sai số chuẩn $best_error), còn $worst giảm nhiều nhất, ước tính $worst_size "
    "(sai số chuẩn $worst_error).",
    "scenario_stretched": "Cú sốc này nằm ngoài mọi thay đổi theo tháng mà ước tính dựa vào, nên "
    "chỉ nên tin thứ tự, đừng tin độ lớn.",
    "scenario_stretched_one": "Cú sốc này nằm ngoài mọi thay đổi theo tháng mà ước tính dựa vào, "
    "nên chỉ nên tin chiều hướng, đừng tin độ lớn.",
    "scenario_one_up": "Với cú sốc $shock đối với $driver, $name tăng ước tính $size so với "
    "$market (sai số chuẩn $error).",
    "scenario_one_down": "Với cú sốc $shock đối với $driver, $name giảm ước tính $size so với "
    "$market (sai số chuẩn $error).",
    "scenario_one_flat": "Với cú sốc $shock đối với $driver, $name ngang bằng $market (sai số "
    "chuẩn $error).",
    "scenario_clear_asked": "Ước tính của $name khác biệt rõ với không, ở mức gấp đôi sai số chuẩn.",
    "scenario_doubt_asked": "Ước tính của $name chưa đạt gấp đôi sai số chuẩn, nên chưa khác biệt "
    "rõ với không.",
    "driver_flow": "dòng vốn ngoại của $market, tính theo giá trị giao dịch",
    "scenario_asked": "Trong kịch bản này, mức chênh ước tính của $name là $value, sai số chuẩn "
    "$error.",
    "scenario_total": "Lợi suất riêng ước tính của $name là $value, sai số chuẩn $error.",
    "scenario_doubt": "Không ước tính nào đạt gấp đôi sai số chuẩn, nên chưa ước tính nào khác "
    "biệt rõ với không.",
    "scenario_clear": "Khác biệt rõ với không, ở mức gấp đôi sai số chuẩn, là ước tính của $names.",
    "scenario_clear_one": "Khác biệt rõ với không, ở mức gấp đôi sai số chuẩn, chỉ có ước tính của "
    "$names.",
    "backtest_up": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, cao hơn mức $base mỗi năm của "
    "$other.",
    "backtest_excess": "Lợi suất vượt trội của $name là $excess mỗi năm $window.",
    "backtest_down": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, thấp hơn mức $base mỗi năm của "
    "$other.",
    "backtest_flat": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí, ngang bằng $other.",
    "backtest_alone": "$name đạt lợi suất $own mỗi năm $window, đã tính chi phí.",
    "backtest_risk": "Mức sụt lớn nhất của $name là $fall $window, của $other là $other_fall.",
    "backtest_turnover": "$name quay vòng $turnover danh mục mỗi năm, chi phí phát sinh từ đó.",
    "backtest_sharpe": "Hệ số Sharpe của $name là $own $window, của $other là $base.",
    "scenario_shock": "Kịch bản giả định cú sốc $shock đối với $driver.",
    "all_alike": "Mọi ngành ở đây có cùng một nhận định, nên thứ tự nói lên nhiều hơn bản thân "
    "nhận định.",
    "tilt_outperform": "$names có khả năng vượt trội $horizon.",
    "tilt_outperform_one": "$names có khả năng vượt trội $horizon.",
    "tilt_underperform": "$names có khả năng kém hơn $horizon.",
    "tilt_underperform_one": "$names có khả năng kém hơn $horizon.",
    "tilt_size": "Xác suất gần mức cân bằng như vậy chỉ đủ cho những điều chỉnh tỷ trọng nhỏ.",
    "record_none": "Mô hình chưa có thành tích đủ dài ở đây để đánh giá.",
    "track_calls": "Mô hình đưa ra nhận định $length ở $share số trường hợp, $calls nhận định tất "
    "cả.",
    "track_ic": "Tương quan hạng trung bình giữa bảng xếp hạng $length và kết quả thực tế là $ic, "
    "trong đó mức không nghĩa là không có năng lực dự báo.",
    "then_now": "$name xếp $now $horizon, so với $then vào ngày $day.",
    "then_chance": "Xác suất vượt $market $horizon của ngành này là $now, so với $then vào ngày "
    "$day.",
    "watch_flip_none": "Theo dõi $metric của $name $window: nếu về $end, từ $start hiện nay, nhận "
    "định sẽ trở về chưa rõ lợi thế.",
    "watch_flip_outperform": "Theo dõi $metric của $name $window: nếu đến $end, từ $start hiện "
    "nay, ngành sẽ chuyển sang có khả năng vượt trội.",
    "watch_flip_underperform": "Theo dõi $metric của $name $window: nếu đến $end, từ $start hiện "
    "nay, ngành sẽ chuyển sang có khả năng kém hơn.",
    "volatility_plain": "Độ biến động quy năm của $name là $value $window.",
    "drawdown_plain": "$name nằm dưới đỉnh $value $window.",
}
"""Key → sentence, or several wordings of one."""
