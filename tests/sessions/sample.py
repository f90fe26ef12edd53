"""A small workshop's file, for tests to change."""

SMALL = """
slug = "sample"
title_th = "การประชุมตัวอย่าง"
province_capacity = 3
is_published = false
registration_opens_at = 2027-01-05T08:30:00

[[contacts]]
name_th = "นายสมมุติ ทดสอบดี"
[[contacts]]
name_th = "นางสาวตัวอย่าง ดีงาม"
email = "sample@example.org"

[[groups]]
code = "4.1.1"
name_th = "สำนักงานจังหวัด"

[[days]]
date = 2027-02-18
[[days.items]]
starts = "09:00"
ends = "09:30"
kind = "opening"
title_th = "พิธีเปิด"
[[days.items]]
starts = "09:30"
ends = "10:30"
kind = "parallel"
title_th = "หัวข้อคู่ขนาน"
[[days.items.tracks]]
number = 1
title_th = "หัวข้อที่หนึ่ง"
[[days.items.tracks]]
number = 2
title_th = "หัวข้อที่สอง"
capacity = 40
join_url = "https://example.org/join"

[[days]]
date = 2027-02-25
"""
