"""The usual form of an online meeting, in three parts: what staff begin with. Group and region are known already and not asked."""

from dataclasses import dataclass

from registration.models import EvaluationQuestion, EvaluationSection

Part = EvaluationSection.Part
Kind = EvaluationQuestion.Kind


@dataclass(frozen=True, slots=True)
class UsualQuestion:
    text_th: str
    text_en: str
    kind: EvaluationQuestion.Kind = Kind.SCALE
    #: Thai and English.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UsualSection:
    part: EvaluationSection.Part
    title_th: str
    title_en: str
    questions: tuple[UsualQuestion, ...]


_BEFORE = (
    ("ไม่เคย", "Never"),
    ("๑–๒ ครั้ง", "Once or twice"),
    ("มากกว่า ๒ ครั้ง", "More often"),
    ("ไม่ประสงค์ตอบ", "I would rather not say"),
)

TEMPLATE = (
    UsualSection(Part.GENERAL, "ข้อมูลทั่วไป", "General", (
        UsualQuestion("ท่านเคยเข้าร่วมกิจกรรมเกี่ยวกับเป้าหมายการพัฒนาที่ยั่งยืน (SDGs) มาก่อนหรือไม่",
                 "Have you attended other events about the Sustainable Development Goals?", Kind.CHOICE, _BEFORE),
    )),
    UsualSection(Part.OPINION, "เนื้อหา", "Content", (
        UsualQuestion("เนื้อหาตรงกับวัตถุประสงค์ของการประชุม", "The content met the objectives of the workshop"),
        UsualQuestion("เนื้อหาครบถ้วน เข้าใจง่าย", "The content was complete and easy to follow"),
    )),
    UsualSection(Part.OPINION, "วิทยากร", "Speakers", (
        UsualQuestion("วิทยากรถ่ายทอดความรู้ได้ชัดเจน", "The speakers explained clearly"),
        UsualQuestion("วิทยากรบรรยายตรงประเด็น", "The speakers kept to the subject"),
        UsualQuestion("วิทยากรใช้เวลาได้เหมาะสม", "The speakers used their time well"),
        UsualQuestion("วิทยากรตอบคำถามได้ชัดเจน", "The speakers answered questions clearly"),
    )),
    UsualSection(Part.OPINION, "ระยะเวลาและระบบการประชุม", "Time and the online meeting", (
        UsualQuestion("ระยะเวลาของการประชุมเหมาะสม", "The length of the meeting was right"),
        UsualQuestion("การเข้าประชุมผ่านระบบออนไลน์สะดวก", "Joining online was easy"),
        UsualQuestion("เสียงและภาพชัดเจน", "Sound and picture were clear"),
    )),
    UsualSection(Part.OPINION, "เอกสารและการประสานงาน", "Documents and organisation", (
        UsualQuestion("เอกสารประกอบการประชุมมีประโยชน์", "The documents were useful"),
        UsualQuestion("การประสานงานและการแจ้งข้อมูลชัดเจน รวดเร็ว", "Information and help were clear and quick"),
    )),
    UsualSection(Part.OPINION, "ความรู้ก่อนและหลังการประชุม", "Knowledge before and after", (
        UsualQuestion("ความรู้ความเข้าใจของท่านเรื่องการขับเคลื่อน SDGs ในระดับพื้นที่",
                 "Your understanding of bringing the SDGs to your area", Kind.PAIR),
    )),
    UsualSection(Part.OPINION, "การนำไปใช้และภาพรวม", "Use and overall", (
        UsualQuestion("ท่านสามารถนำความรู้ไปใช้ในการปฏิบัติงาน", "You can use what you learnt in your work"),
        UsualQuestion("ความพึงพอใจต่อการประชุมในภาพรวม", "Your satisfaction with the workshop overall"),
    )),
    UsualSection(Part.WORDS, "ความคิดเห็นเพิ่มเติม", "In your own words", (
        UsualQuestion("สิ่งที่ท่านประทับใจ", "What impressed you", Kind.OPEN),
        UsualQuestion("ท่านจะนำความรู้ไปใช้อย่างไร", "How you will use what you learnt", Kind.OPEN),
        UsualQuestion("ข้อเสนอแนะ", "Suggestions", Kind.OPEN),
    )),
)  # fmt: skip
