"""Sentences on the model's own record, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brief.model import Language

RECORD_WORDING: dict[Language, dict[str, str]] = {
    "en": {
        "order_above": "The order of its $length ranking has been better than chance: its rank correlation "
        "with what followed is $ic on average (interval $low to $high).",
        "order_even": "The order of its $length ranking has been no better than chance: its rank correlation "
        "with what followed is $ic on average (interval $low to $high).",
        "order_below": "The order of its $length ranking has misled: its rank correlation with what followed "
        "is $ic on average (interval $low to $high).",
        "baseline_ahead": "Its lead in rank correlation over the best single signal chosen on the past is "
        "$gap (interval $low to $high), clearly beyond chance.",
        "baseline_level": "Its lead in rank correlation over the best single signal chosen on the past is "
        "$gap (interval $low to $high), which may be chance.",
        "baseline_behind": "Its lead in rank correlation over the best single signal chosen on the past is "
        "$gap (interval $low to $high): that simple rule has been the better guide.",
        "baseline_now": "Now that rule would go by $metric $window, $way.",
        "way_up": "the more the better",
        "way_down": "the less the better",
        "track_span": "The record runs from $first to $last, every forecast made with what was known on its "
        "day.",
        "stated_honest": "Its calls have been honest about themselves: they gave themselves a chance of "
        "$stated on average.",
        "stated_overconfident": "Its calls have promised too much: they gave themselves a chance of $stated "
        "on average.",
        "stated_underconfident": "Its calls have promised too little: they gave themselves a chance of "
        "$stated on average.",
        "held_honest": "The 80% ranges have kept their word: $held of outcomes lay inside them (interval $low "
        "to $high).",
        "held_narrow": "The 80% ranges have been too narrow: $held of outcomes lay inside them (interval $low "
        "to $high).",
        "held_wide": "The 80% ranges have been too wide: $held of outcomes lay inside them (interval $low to "
        "$high).",
        "serves_not_behind": "The learned ensemble serves here: its lead in rank correlation over the "
        "transparent composite is $gap (interval $low to $high), and only a clear deficit would hand over to "
        "the composite.",
        "serves_behind": "The transparent composite serves here: the lead in rank correlation of the learned "
        "ensemble over it is $gap (interval $low to $high), a clear deficit.",
        "serves_young": "The transparent composite serves here, because the past is too short to judge the "
        "learned ensemble.",
    },
    "vi": {
        "order_above": "Thứ tự trong bảng xếp hạng $length thì hơn may rủi: tương quan hạng với kết quả thực "
        "tế trung bình là $ic (khoảng tin cậy $low đến $high).",
        "order_even": "Thứ tự trong bảng xếp hạng $length chưa hơn may rủi: tương quan hạng với kết quả thực "
        "tế trung bình là $ic (khoảng tin cậy $low đến $high).",
        "order_below": "Thứ tự trong bảng xếp hạng $length đã dẫn sai: tương quan hạng với kết quả thực tế "
        "trung bình là $ic (khoảng tin cậy $low đến $high).",
        "baseline_ahead": "Mức hơn về tương quan hạng so với tín hiệu đơn lẻ tốt nhất chọn theo quá khứ là "
        "$gap (khoảng tin cậy $low đến $high), rõ ràng hơn may rủi.",
        "baseline_level": "Mức hơn về tương quan hạng so với tín hiệu đơn lẻ tốt nhất chọn theo quá khứ là "
        "$gap (khoảng tin cậy $low đến $high), có thể chỉ là may rủi.",
        "baseline_behind": "Mức hơn về tương quan hạng so với tín hiệu đơn lẻ tốt nhất chọn theo quá khứ là "
        "$gap (khoảng tin cậy $low đến $high): quy tắc đơn giản ấy dẫn đường tốt hơn.",
        "baseline_now": "Quy tắc ấy hiện sẽ dựa vào $metric $window, $way.",
        "way_up": "càng lớn càng tốt",
        "way_down": "càng nhỏ càng tốt",
        "track_span": "Thành tích này tính từ $first đến $last, mỗi dự báo chỉ dùng những gì đã biết vào ngày "
        "của nó.",
        "stated_honest": "Các nhận định nói đúng về mình: chúng tự cho mình xác suất trung bình $stated.",
        "stated_overconfident": "Các nhận định hứa quá nhiều: chúng tự cho mình xác suất trung bình $stated.",
        "stated_underconfident": "Các nhận định hứa quá ít: chúng tự cho mình xác suất trung bình $stated.",
        "held_honest": "Các khoảng 80% giữ đúng lời: $held kết quả nằm trong đó (khoảng tin cậy $low đến "
        "$high).",
        "held_narrow": "Các khoảng 80% quá hẹp: $held kết quả nằm trong đó (khoảng tin cậy $low đến $high).",
        "held_wide": "Các khoảng 80% quá rộng: $held kết quả nằm trong đó (khoảng tin cậy $low đến $high).",
        "serves_not_behind": "Mô hình học máy kết hợp đang được dùng: mức hơn về tương quan hạng so với mô "
        "hình tổng hợp minh bạch là $gap (khoảng tin cậy $low đến $high), và chỉ bị thay bằng mô hình tổng hợp "
        "khi bằng chứng đủ rõ.",
        "serves_behind": "Mô hình tổng hợp minh bạch đang được dùng: mức hơn về tương quan hạng của mô hình "
        "học máy kết hợp là $gap (khoảng tin cậy $low đến $high), một bằng chứng đủ rõ.",
        "serves_young": "Mô hình tổng hợp minh bạch đang được dùng, vì quá khứ còn quá ngắn để đánh giá mô "
        "hình học máy kết hợp.",
    },
}
