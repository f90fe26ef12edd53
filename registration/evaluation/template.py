"""The usual form of an online meeting, in three parts: what staff begin with. Group and region are known already and not asked."""

from dataclasses import dataclass

from registration.models import EvaluationQuestion, EvaluationSection

Part = EvaluationSection.Part
Kind = EvaluationQuestion.Kind


@dataclass(frozen=True, slots=True)
class Question:
    text_th: str
    text_en: str
    kind: EvaluationQuestion.Kind = Kind.SCALE
    #: Thai and English.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    part: EvaluationSection.Part
    title_th: str
    title_en: str
    questions: tuple[Question, ...]


_BEFORE = (
    ("ไม่เคย", "Never"),
    ("๑–๒ ครั้ง", "Once or twice"),
    ("มากกว่า ๒ ครั้ง", "More often"),
    ("ไม่ประสงค์ตอบ", "I would rather not say"),
)

TEMPLATE = (
    Section(Part.GENERAL, "ข้อมูลทั่วไป", "General", (
        Question("ท่านเคยเข้าร่วมกิจกรรมเกี่ยวกับเป้าหมายการพัฒนาที่ยั่งยืน (SDGs) มาก่อนหรือไม่",
                 "Have you attended other events about the Sustainable Development Goals?", Kind.CHOICE, _BEFORE),
    )),
    Section(Part.OPINION, "เนื้อหา", "Content", (
        Question("เนื้อหาตรงกับวัตถุประสงค์ของการประชุม", "The content met the objectives of the workshop"),
        Question("เนื้อหาครบถ้วน เข้าใจง่าย", "The content was complete and easy to follow"),
    )),
    Section(Part.OPINION, "วิทยากร", "Speakers", (
        Question("วิทยากรถ่ายทอดความรู้ได้ชัดเจน", "The speakers explained clearly"),
        Question("วิทยากรบรรยายตรงประเด็น", "The speakers kept to the subject"),
        Question("วิทยากรใช้เวลาได้เหมาะสม", "The speakers used their time well"),
        Question("วิทยากรตอบคำถามได้ชัดเจน", "The speakers answered questions clearly"),
    )),
    Section(Part.OPINION, "ระยะเวลาและระบบการประชุม", "Time and the online meeting", (
        Question("ระยะเวลาของการประชุมเหมาะสม", "The length of the meeting was right"),
        Question("การเข้าประชุมผ่านระบบออนไลน์สะดวก", "Joining online was easy"),
        Question("เสียงและภาพชัดเจน", "Sound and picture were clear"),
    )),
    Section(Part.OPINION, "เอกสารและการประสานงาน", "Documents and organisation", (
        Question("เอกสารประกอบการประชุมมีประโยชน์", "The documents were useful"),
        Question("การประสานงานและการแจ้งข้อมูลชัดเจน รวดเร็ว", "Information and help were clear and quick"),
    )),
    Section(Part.OPINION, "ความรู้ก่อนและหลังการประชุม", "Knowledge before and after", (
        Question("ความรู้ความเข้าใจของท่านเรื่องการขับเคลื่อน SDGs ในระดับพื้นที่",
                 "Your understanding of bringing the SDGs to your area", Kind.PAIR),
    )),
    Section(Part.OPINION, "การนำไปใช้และภาพรวม", "Use and overall", (
        Question("ท่านสามารถนำความรู้ไปใช้ในการปฏิบัติงาน", "You can use what you learnt in your work"),
        Question("ความพึงพอใจต่อการประชุมในภาพรวม", "Your satisfaction with the workshop overall"),
    )),
    Section(Part.WORDS, "ความคิดเห็นเพิ่มเติม", "In your own words", (
        Question("สิ่งที่ท่านประทับใจ", "What impressed you", Kind.OPEN),
        Question("ท่านจะนำความรู้ไปใช้อย่างไร", "How you will use what you learnt", Kind.OPEN),
        Question("ข้อเสนอแนะ", "Suggestions", Kind.OPEN),
    )),
)  # fmt: skip
