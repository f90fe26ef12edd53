"""The workshop that comes with the portal says what the office's document says, word for word."""

import re

import pytest

from sessions import formats, thai, workshop_file
from sessions.management.commands.load_workshop import DEFAULT

BACKGROUND = [
    (
        "ประเทศไทยมีพันธกิจในการดำเนินการให้มีความสอดคล้องกับมาตรฐานสากล "
        "รวมถึงข้อตกลงและความร่วมมือระหว่างประเทศด้านการพัฒนาที่ยั่งยืน ซึ่งสหประชาชาติได้กำหนดวาระการพัฒนาที่ยั่งยืน ค.ศ. ๒๐๓๐ (2030 "
        "Agenda for Sustainable Development) เป็นกรอบการพัฒนาร่วมกันของประชาคมโลก โดยกำหนดให้มีเป้าหมายการพัฒนาที่ยั่งยืน "
        "(Sustainable Development Goals: SDGs) ๑๗ เป้าหมายเป็นแนวทางให้แต่ละประเทศดำเนินการร่วมกันเพื่อพัฒนาในทุกมิติโดยไม่ทิ้งใครไว้ข"
        "้างหลัง"
    ),
    (
        "รัฐบาลให้ความสำคัญต่อหลักการพัฒนาที่ยั่งยืนมาอย่างต่อเนื่อง โดยได้จัดตั้งคณะกรรมการเพื่อการพัฒนาที่ยั่งยืน (กพย.) "
        "ซึ่งมีนายกรัฐมนตรีเป็นประธาน ให้เป็นกลไกหลักระดับนโยบาย ทำหน้าที่กำกับดูแล สนับสนุน และติดตามประเมินผลการดำเนินการ "
        "และมีสำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ (สศช.) เป็นสำนักงานเลขานุการของ กพย. "
        "ทำหน้าที่เสนอแนะนโยบายและยุทธศาสตร์การพัฒนาที่ยั่งยืนให้ครอบคลุมทุกมิติอย่างสมดุลและบูรณาการ "
        "ประสานติดตามและประเมินผลการดำเนินงานของหน่วยงานทั้งภาครัฐและเอกชน รวมทั้งวิเคราะห์ปัญหา อุปสรรค "
        "และแนวทางแก้ไขเพื่อสนับสนุนการปฏิบัติงานตามอำนาจหน้าที่ของ กพย."
    ),
    (
        "มติที่ประชุม กพย. ครั้งที่ ๑/๒๕๖๒ เมื่อวันที่ ๑๙ ธันวาคม ๒๕๖๒ "
        "ได้ให้ความเห็นชอบแผนการขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนสำหรับประเทศไทย (Thailand's SDG Roadmap) "
        "เพื่อเป็นแนวทางขับเคลื่อน SDGs ไปสู่การปฏิบัติอย่างเป็นรูปธรรม "
        "มีกรอบการดำเนินงานที่ชัดเจนและสอดคล้องกับการพัฒนาตามยุทธศาสตร์ชาติได้อย่างบูรณาการ ประกอบด้วย (๑) การสร้างการตระหนักรู้ (๒) "
        "การเชื่อมโยงเป้าหมายการพัฒนาที่ยั่งยืนกับแผน ๓ ระดับของประเทศ (๓) กลไกการขับเคลื่อนการพัฒนาที่ยั่งยืน (๔) "
        "การดำเนินงานเพื่อบรรลุเป้าหมายการพัฒนาที่ยั่งยืน (๕) ความร่วมมือกับภาคีการพัฒนา และ (๖) "
        "การติดตามประเมินผลการขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืน"
    ),
    (
        "ภายใต้กลไกการขับเคลื่อนการพัฒนาที่ยั่งยืนของแผนการขับเคลื่อนแผนดังกล่าวเป้าหมายการพัฒนาที่ยั่งยืนสำหรับประเทศไทยมุ่งให้ความสำ"
        "คัญกับการประสานในทุกระดับ โดยมีกลไกระดับพื้นที่ ซึ่งประกอบไปด้วยจังหวัด องค์กรปกครองส่วนท้องถิ่น ประชาสังคม เอกชน "
        "ถือเป็นรากฐานสำคัญในการขยายผลการขับเคลื่อน SDGs ไปสู่การปฏิบัติ ทั้งนี้ มติที่ประชุม กพย. ครั้งที่ ๑/๒๕๖๓ เมื่อวันที่ ๑๔ "
        "กันยายน ๒๕๖๓ ได้รับทราบผลการคัดเลือกพื้นที่นำร่องสำหรับการขับเคลื่อนการพัฒนาที่ยั่งยืน ประกอบด้วย ๙ จังหวัด (ประกอบด้วย "
        "กาฬสินธุ์ นครราชสีมา น่าน ยโสธร เลย ลพบุรี เพชรบุรี สุราษฎร์ธานี ฉะเชิงเทรา) และองค์กรปกครองส่วนท้องถิ่น ๕ แห่ง "
        "(เทศบาลเมืองศรีสะเกษ จังหวัดศรีสะเกษ องค์การบริหารส่วนตำบลบ้านไร่ จังหวัดอุทัยธานี องค์การบริหารส่วนจังหวัดกระบี่ "
        "จังหวัดกระบี่ เทศบาลตำบลวังไผ่ จังหวัดชุมพร และเทศบาลนครสุราษฎร์ธานี จังหวัดสุราษฎร์ธานี)"
    ),
    (
        "อย่างไรก็ดี ผลจากการลงพื้นที่และหารือร่วมกับหน่วยงานในพื้นที่นำร่องดังกล่าวในช่วงปี ๒๕๖๓ ยังคงพบว่า (๑) "
        "ระดับของความตระหนักรู้และความรู้ความเข้าใจเกี่ยวกับเป้าหมายการพัฒนาที่ยั่งยืนในแต่ละพื้นที่ "
        "มีความแตกต่างกันและยังขาดการบูรณาการระหว่างหน่วยงาน (๒) การสนับสนุนจากผู้บริหารและการประสานความร่วมมือกับภาคีเครือข่าย "
        "ตลอดจนการมีส่วนร่วมของคนในพื้นที่ มีความสำคัญในการผลักดันการขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนให้บรรลุผล (๓) "
        "กระบวนการจัดทำแผนพัฒนาจังหวัดและแผนพัฒนาท้องถิ่น ตลอดจนการติดตามและประเมินผล ควรให้ความสำคัญกับการมีส่วนร่วมของทุกภาคส่วน "
        "และควรเน้นการใช้หลักฐานเชิงประจักษ์ (evidence-based approach) (๔) ข้อมูลตัวชี้วัดระดับจังหวัดที่สอดคล้องกับตัวชี้วัดของ SDGs "
        "ที่นำมาใช้พัฒนาตัวชี้วัดการพัฒนาในระดับจังหวัดยังมีจำนวนน้อย อาจยังไม่สามารถสะท้อนบริบทการพัฒนาของพื้นที่ได้เท่าที่ควร และ "
        "(๕) ในการจัดเก็บข้อมูลตัวชี้วัดระดับท้องถิ่นยังมีความแตกต่างกันในแต่ละพื้นที่ ทั้งในด้านชุดข้อมูล "
        "และคุณภาพของการจัดเก็บข้อมูลตามหลักวิชาการ ซึ่งยังจำเป็นต้องพัฒนาเพิ่มเติม และศึกษาแนวทางการขับเคลื่อน SDGs "
        "ในระดับท้องถิ่นที่เหมาะสมต่อไป"
    ),
    (
        "นอกจากนี้ ผลจากการหารือร่วมกันระหว่าง สศช. กระทรวงมหาดไทย สำนักงานสถิติ และหน่วยงานที่เกี่ยวข้องเกี่ยวกับแนวทางการขับเคลื่อน "
        "SDGs ในระดับพื้นที่ในช่วงปลายปี ๒๕๖๔ ได้ข้อสรุปร่วมกันว่า ควรขยายการสร้างความรู้ตระหนักรู้เกี่ยวกับ SDGs "
        "ให้ครอบคลุมทั่วทั้งประเทศ รวมถึงพัฒนาทักษะที่จำเป็นสำหรับการขับเคลื่อน SDGs ในระดับพื้นที่"
    ),
    (
        "ด้วยเหตุนี้ สศช. จึงได้จัดทำโครงการประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่ (SDG "
        "Localisation) เพื่อสร้างความตระหนักรู้และเสริมศักยภาพของหน่วยงานที่มีส่วนเกี่ยวข้องกับการขับเคลื่อน SDGs ในระดับพื้นที่ "
        "รวมทั้งแลกเปลี่ยนและติดตามความคืบหน้าการดำเนินการ SDGs ในระดับพื้นที่ ทั้งนี้ "
        "เพื่อปฏิบัติตามมาตรการป้องกันการแพร่ระบาดของโรคโควิด-๑๙ สศช. จึงจำเป็นต้องดำเนินการจัดประชุมฯ "
        "ผ่านระบบผ่านระบบประชุมทางไกลขึ้น"
    ),
]

TITLE = "การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่ (SDG Localisation)"

OBJECTIVES = """
๒.๑ เสริมสร้างศักยภาพและองค์ความรู้เกี่ยวกับเป้าหมายการพัฒนาที่ยั่งยืนให้กับหน่วยงานที่มีภารกิจเกี่ยวข้องในระดับพื้นที่
๒.๒ หารือแลกเปลี่ยนและติดตามความก้าวหน้าการขับเคลื่อน SDGs ทั้งในระดับหน่วยงานส่วนกลาง ส่วนภูมิภาค องค์กรปกครองส่วนท้องถิ่น และภาคีเครือข่ายการพัฒนาที่เกี่ยวข้อง
"""

NAMING_RULE = """
ขอความร่วมมือปฏิบัติ ดังนี้
๓.๒.๑ หน่วยงานในภูมิภาค/ท้องถิ่น – ใช้ชื่อจังหวัด ชื่อย่อหน่วยงาน ตามด้วยชื่อจริง เช่น นครปฐม พช. นายมั่งมั่ง หรือ ราชบุรี พม. นางสาวจริงใจ
๓.๒.๒ องค์กรหรือหน่วยงานกลาง – ใช้ชื่อย่อหน่วยงาน (หรือชื่อเต็ม ในกรณีที่ไม่มีชื่อย่อ) ตามด้วยชื่อจริง เช่น สศช. นายยินดี หรือ IPPD Mr.David
"""

GROUPS = """
๔.๑ เจ้าหน้าที่ภาครัฐ ภาคเอกชน และภาคีเครือข่ายการพัฒนาที่เกี่ยวข้องกับการขับเคลื่อน SDGs ในระดับพื้นที่ทั่วประเทศ ครอบคลุมพื้นที่ ๗๗ จังหวัด โดยกำหนดจังหวัดละไม่เกิน ๒๕ คน และขอให้จังหวัดเป็นผู้พิจารณาคัดเลือกและเชิญผู้ที่เกี่ยวข้องกับการขับเคลื่อน SDGs ในพื้นที่เข้าร่วมการประชุมดังกล่าว ซึ่งอาจมีองค์ประกอบดังนี้
๔.๑.๑ ผู้บริหารหรือเจ้าหน้าที่สำนักงานจังหวัดที่เกี่ยวข้องกับการวางแผนหรือจัดทำโครงการ
๔.๑.๒ ผู้บริหารหรือเจ้าหน้าที่หน่วยงานราชการส่วนภูมิภาค
๔.๑.๓ ผู้บริหารหรือเจ้าหน้าที่ในระดับอำเภอ ตำบล หมู่บ้าน
๔.๑.๔ ผู้บริหารหรือเจ้าหน้าที่องค์กรปกครองส่วนท้องถิ่น
๔.๑.๕ ผู้บริหารหรือเจ้าหน้าที่จากภาคเอกชนที่มีบทบาทด้านการพัฒนาในระดับพื้นที่
๔.๑.๖ ผู้แทนจากภาคประชาสังคมที่มีบทบาทด้านการพัฒนาในระดับพื้นที่
๔.๑.๗ ผู้แทนจากภาคการศึกษา
๔.๑.๘ ผู้แทนจากเด็กและเยาวชน
๔.๑.๙ ภาคส่วนอื่น ๆ ที่มีส่วนเกี่ยวข้องกับการขับเคลื่อนการพัฒนาในระดับพื้นที่
๔.๒ เจ้าหน้าที่และภาคีเครือข่ายการขับเคลื่อน SDGs จากหน่วยงานส่วนกลาง ภาคเอกชน และประชาสังคมที่มีบทบาทในการประสานงานร่วมกับหน่วยงานในระดับพื้นที่ไม่เกิน ๕๐ คน
"""  # noqa: E501

CONTACTS = """
๗.๑ นายพันสิทธิ เจริญพาณิชย์พันธ์ โทร. ๐๒ ๒๘๐ ๔๐๘๕ ต่อ ๖๔๑๔ / Email: puntasith@nesdc.go.th
๗.๒ นางสาวกานต์ธีรา ภูริวิกรัย โทร. ๐๒ ๒๘๐ ๔๐๘๕ ต่อ ๖๔๒๑ / Email: kanteera.p@nesdc.go.th
๗.๓ นายทศพร ไททอง โทร. ๐๘๔ ๘๙๐ ๓๕๑๗ / Email: tossaporn@nesdc.go.th
"""

AGENDA = """
วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕
๐๙.๐๐ – ๐๙.๓๐ น. การกล่าวเปิดการประชุมฯ และบรรยายสรุปภาพรวมการดำเนินงานเพื่อขับเคลื่อน SDGs ไทยในระดับพื้นที่ โดยผู้แทน สศช.
๐๙.๓๐ – ๑๐.๓๐ น. การบรรยายพิเศษเรื่อง “จิ๊กซอว์ความสำเร็จของประเทศไทยที่ยั่งยืน” โดย ดร.สุวิทย์ เมษินทรีย์ ผู้ทรงคุณวุฒิ
๑๐.๓๐ – ๑๐.๔๐ น. พักเบรกการประชุมฯ
๑๐.๔๐ – ๑๑.๔๐ น. การบรรยายตามหัวข้อ โดยแบ่งออกเป็น ๔ เรื่อง (บรรยายพร้อมกัน ผู้เข้าร่วมสามารถเลือกรับชมได้ตามความสนใจ)
(๑) การรับมือกับภัยพิบัติด้วยแนวทางการพัฒนาที่ยั่งยืน โดย นางสุนิสา สุตรัก ผู้แทนจาก UNDRR
(๒) การลดความยากจนกับการพัฒนาที่ยั่งยืน โดยผู้แทน สศช.
(๓) การพัฒนาเมืองสู่เมืองคาร์บอนต่ำ โดย ดร.อมรรพรรณ เรศานนท์ UNDP
(๔) การศึกษากับการพัฒนาที่ยั่งยืน โดย ผู้จัดการกองทุนเพื่อความเสมอภาคทางการศึกษา หรือ ผู้แทน (TBC)
๑๑.๔๐ – ๑๒.๐๐ น. การสรุปภาพรวมการประชุมฯ และการดำเนินการต่อไป โดยผู้แทน สศช.
วันพฤหัสบดีที่ ๓ มีนาคม ๒๕๖๕
๐๙.๓๐ – ๑๐.๔๕ น. การบรรยายเรื่อง “หลักวงจรการบริหารงานคุณภาพ (PDCA) กับการขับเคลื่อนการพัฒนาที่ยั่งยืนของไทย” โดยผู้แทน สศช.
๑๐.๔๕ – ๑๐.๕๕ น. พักเบรกการประชุมฯ
๑๐.๕๕ – ๑๒.๐๕ น. การบรรยายเรื่อง “One Plan กับการขับเคลื่อน SDGs ในระดับพื้นที่” โดยผู้แทนกระทรวงมหาดไทย
๑๒.๐๕ – ๑๒.๑๐ น. การสรุปภาพรวมการประชุมฯ และการดำเนินการต่อไป โดยผู้แทน สศช.
วันศุกร์ที่ ๑๑ มีนาคม ๒๕๖๕
๐๙.๓๐ - ๑๐.๔๕ น. การบรรยายเรื่อง “ตัวชี้วัดการพัฒนาระดับกลุ่มจังหวัดกับการขับเคลื่อน SDGs ในระดับพื้นที่” โดย ผู้แทน สศช.
๑๐.๔๕ - ๑๐.๕๕ น. พักรับประทานอาหารกลางวัน
๑๐.๕๕ - ๑๒.๐๕ น. การบรรยายเรื่อง “การติดตามและประเมินผลการขับเคลื่อน SDGs ในระดับพื้นที่” โดย ดร.อนรรฆ เสรีเชษฐพงษ์ UNDP
๑๒.๐๕ - ๑๒.๑๐ น. การสรุปภาพรวมการประชุมฯ และการดำเนินการต่อไป โดยผู้แทน สศช.
วันพุธที่ ๑๖ มีนาคม ๒๕๖๕
๐๙.๓๐ - ๑๐.๔๕ น. การเสวนาในหัวข้อ “การขับเคลื่อน SDGs ไปสู่การปฏิบัติอย่างเป็นรูปธรรมในระดับพื้นที่” โดยวิทยากรจากภาครัฐ ภาคเอกชน และภาคประชาสังคม
๑๐.๔๕ - ๑๑.๐๐ น. พักรับประทานอาหารกลางวัน
๑๑.๐๐ - ๑๒.๐๐ น. การเสวนาในหัวข้อ “การขับเคลื่อน SDGs ไปสู่การปฏิบัติอย่างเป็นรูปธรรมในระดับพื้นที่” (ต่อ)
๑๒.๐๐ - ๑๒.๑๐ น. การสรุปภาพรวมการประชุมฯ และการดำเนินการต่อไป โดย ผู้แทน สศช.
"""

KINDS = [
    ["opening", "lecture", "break", "parallel", "wrap_up"],
    ["lecture", "break", "lecture", "wrap_up"],
    ["lecture", "break", "lecture", "wrap_up"],
    ["panel", "break", "panel", "wrap_up"],
]


@pytest.fixture(scope="module")
def loaded():
    return workshop_file.read(DEFAULT.read_bytes())


def printed(text: str) -> list[str]:
    """The lines of `text`, compared without spaces and with one kind of dash: the document is not of one mind about them."""
    return [re.sub(r"\s", "", line).replace("-", "–") for line in text.strip().splitlines()]


def spoken(entry) -> str:
    """Title and speaker as one line."""
    columns = entry.columns
    line = columns["title_th"]
    if columns.get("speaker_th"):
        line += f" โดย {columns['speaker_th']}"
    return line if columns.get("speaker_confirmed", True) else f"{line} (TBC)"


def agenda_of(workshop) -> str:
    lines = []
    for day in workshop.lists["days"]:
        lines.append(formats.format_date(day.columns["date"], "th"))
        for item in day.lists["items"]:
            lines.append(f"{formats.format_time_range(item.starts_at, item.ends_at, 'th')} {spoken(item)}")
            lines += [f"({thai.thai_digits(track.columns['number'])}) {spoken(track)}" for track in item.lists.get("tracks", [])]
    return "\n".join(lines)


def test_every_line_of_the_agenda_is_as_printed(loaded):
    assert printed(agenda_of(loaded)) == printed(AGENDA)


def test_every_item_is_of_its_kind(loaded):
    assert [[item.columns["kind"] for item in day.lists["items"]] for day in loaded.lists["days"]] == KINDS


def test_only_the_speaker_printed_with_tbc_is_not_confirmed(loaded):
    speakers = [
        (entry.columns["speaker_th"], entry.columns.get("speaker_confirmed", True))
        for day in loaded.lists["days"]
        for item in day.lists["items"]
        for entry in [item, *item.lists.get("tracks", [])]
        if entry.columns.get("speaker_th")
    ]
    assert len(speakers) == 15
    assert [name for name, confirmed in speakers if not confirmed] == ["ผู้จัดการกองทุนเพื่อความเสมอภาคทางการศึกษา หรือ ผู้แทน"]


def test_the_title_is_as_printed(loaded):
    assert loaded.columns["title_th"] == TITLE


def test_the_background_is_as_printed_with_the_cut_paragraph_joined(loaded):
    assert loaded.columns["background_th"].split("\n\n") == BACKGROUND


def test_the_objectives_are_as_printed_but_for_the_word_that_copying_damaged(loaded):
    lines = [f"๒.{thai.thai_digits(n)} {text}" for n, text in enumerate(loaded.columns["objectives_th"].splitlines(), 1)]
    assert printed("\n".join(lines)) == printed(OBJECTIVES)


def test_the_naming_rule_is_as_printed(loaded):
    intro, *rules = loaded.columns["naming_rule_th"].splitlines()
    lines = [intro, *(f"๓.๒.{thai.thai_digits(n)} {text}" for n, text in enumerate(rules, 1))]
    assert printed("\n".join(lines)) == printed(NAMING_RULE)


def test_the_target_groups_are_as_printed(loaded):
    groups = [f"{thai.thai_digits(group.columns['code'])} {group.columns['name_th']}" for group in loaded.lists["groups"]]
    assert printed("\n".join([f"๔.๑ {loaded.columns['audience_th']}", *groups])) == printed(GROUPS)


def test_only_the_last_group_is_for_central_agencies(loaded):
    scopes = [group.columns.get("scope", "province") for group in loaded.lists["groups"]]
    assert scopes == ["province"] * 9 + ["central"]


def test_the_contacts_are_as_printed(loaded):
    lines = []
    for contact in loaded.lists["contacts"]:
        own = contact.columns
        extension = f" ต่อ {own['phone_extension']}" if own.get("phone_extension") else ""
        phone = thai.thai_digits(own["phone"] + extension)
        lines.append(f"๗.{thai.thai_digits(own['position'])} {own['name_th']} โทร. {phone} / Email: {own['email']}")
    assert printed("\n".join(lines)) == printed(CONTACTS)


def test_the_rest_is_as_printed(loaded):
    rest = {
        "platform": "Zoom Webinar",
        "note_th": "กำหนดการอาจมีการเปลี่ยนแปลงตามความเหมาะสม",
        "responsible_th": "กองยุทธศาสตร์และประสานความร่วมมือระหว่างประเทศ สำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ",
        "chat_name": "SDG Local Network",
        "chat_url": "https://bit.ly/3rWTWeI",
        "chat_passcode": "sgdlocal",
        "province_capacity": 25,
        "central_capacity": 50,
        "slug": "sdg-localisation-2565",
    }
    assert {name: loaded.columns[name] for name in rest} == rest


def test_registration_is_loaded_open(loaded):
    assert not {"registration_opens_at", "registration_closes_at"} & set(loaded.columns)


def test_every_thai_text_has_an_english_one(loaded):
    def untranslated(entry):
        names = [name for name, value in entry.columns.items() if name.endswith("_th") and value]
        missing = [f"{entry.key}.{name}" for name in names if not entry.columns.get(name.removesuffix("_th") + "_en")]
        return missing + [each for entries in entry.lists.values() for below in entries for each in untranslated(below)]

    assert untranslated(loaded) == []


def test_translations_have_as_many_paragraphs_and_lines_as_the_original(loaded):
    own = loaded.columns
    assert len(own["background_en"].split("\n\n")) == len(BACKGROUND) == 7
    assert len(own["objectives_en"].splitlines()) == 2
    assert len(own["naming_rule_en"].splitlines()) == 3
