// The door: codes by camera or by hand, kept on the phone until the portal has them. Without this file codes are typed and sent one by one.
const door = document.getElementById("check-in");
const words = door.dataset;
const answers = document.getElementById("answers");
const earlier = document.getElementById("earlier");
const template = document.getElementById("answer-template");
const token = document.querySelector("#code-form [name=csrfmiddlewaretoken]").value;
const vibrates = document.getElementById("vibrates");
const AT_ONCE = 50;
const SHOWN = 12;

// Kept are codes and times alone, for this day. Where nothing may be kept, the page itself remembers them as long as it is open.
const KEY = `check-in-${words.day}`;
let remembered = [];
function waiting() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return remembered;
  }
}
function keep(rows) {
  remembered = rows;
  try {
    localStorage.setItem(KEY, JSON.stringify(rows));
  } catch {
    // It is remembered.
  }
  document.getElementById("waiting").hidden = rows.length === 0;
  document.getElementById("waiting-count").textContent = `${words.waiting} ${number(rows.length)}`;
}
const why = (text) => {
  document.getElementById("waiting-why").textContent = text;
};

const number = (n) => new Intl.NumberFormat(document.documentElement.lang === "th" ? "th-u-nu-thai" : "en").format(n);
function clock(at) {
  if (document.documentElement.lang !== "th") return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(at);
  const time = new Intl.DateTimeFormat("th-u-nu-thai", { hour: "2-digit", minute: "2-digit" }).format(at);
  return `${time.replace(":", ".")} น.`;
}

// One line a code: what is known later takes the place of what was known first. The last one stands above the camera, the others below it.
function tell(code, kind, heading, name, text, may = {}) {
  for (const old of door.querySelectorAll(`.check-in-answer[data-code="${CSS.escape(code)}"]`)) old.remove();
  const line = template.content.firstElementChild.cloneNode(true);
  line.dataset.code = code;
  line.classList.add(`check-in-${kind}`);
  line.querySelector("h2").textContent = heading;
  line.querySelector(".check-in-name").textContent = name;
  line.querySelector(".check-in-text").textContent = text;
  for (const [form, is] of [[".check-in-back", may.is_in], [".check-in-waive", may.is_waivable]]) {
    const deed = line.querySelector(form);
    if (deed) {
      deed.hidden = !is;
      deed.querySelector("[name=code]").value = code;
    }
  }
  earlier.prepend(...answers.children);
  answers.append(line);
  const welcome = [...earlier.children].filter((one) => !one.classList.contains("check-in-refused"));
  for (const old of welcome.slice(SHOWN)) old.remove();
}

function shake(kind) {
  if (vibrates.checked && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(kind === "refused" ? [80, 80, 80] : 40);
}

// A reference code without what stands between its letters; nothing for whatever else a camera may read.
const CODE_LENGTH = 7;
function plain(text) {
  const letters = text
    .toUpperCase()
    .replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0x0e50)
    .replace(/[\s-]/g, "");
  return letters.length === CODE_LENGTH && /^[A-Z0-9]+$/.test(letters) ? letters : "";
}

function note(text) {
  const code = plain(text);
  if (!code) {
    tell(text, "refused", words.unknown, text.slice(0, 60), words.noCode);
    shake("refused");
    return;
  }
  const rows = waiting();
  const before = rows.find((row) => row.code === code);
  if (!before) keep([...rows, { code, at: Date.now() }]);
  tell(code, "noted", `${before ? words.notedBefore : words.noted} ${clock(before ? before.at : Date.now())}`, code, words.notSent);
  send();
}

let sending = false;
let again = 0;
async function send() {
  const rows = waiting().slice(0, AT_ONCE);
  if (sending || rows.length === 0) return;
  sending = true;
  clearTimeout(again);
  const checkIns = rows.map((row) => ({ code: row.code, ago: Math.max(0, Math.round((Date.now() - row.at) / 1000)) }));
  let isDone = false;
  try {
    const response = await fetch(words.send, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ check_ins: checkIns }),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) {
      const told = await response.json();
      const sent = new Set(rows.map((row) => `${row.code} ${row.at}`));
      keep(waiting().filter((row) => !sent.has(`${row.code} ${row.at}`)));
      for (const one of told.results) {
        const name = one.name ? `${one.name} · ${one.place}` : one.code;
        tell(one.code, one.kind, one.heading, name, one.text, one);
        shake(one.kind);
      }
      document.getElementById("count").textContent = told.count;
      why("");
      isDone = true;
    } else {
      why(response.status >= 500 || response.status === 429 ? words.noNetwork : words.refused);
    }
  } catch {
    why(words.noNetwork);
  }
  sending = false;
  if (waiting().length > 0) {
    if (isDone) send();
    else again = setTimeout(send, 5000);
  }
}
addEventListener("online", send);
addEventListener("storage", () => keep(waiting()));
keep(waiting());
send();

document.getElementById("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = document.getElementById("id_code");
  note(field.value);
  field.value = "";
  field.focus();
});

// The camera ---------------------------------------------------------------------------------------

const start = document.getElementById("start");
const stop = document.getElementById("stop");
const fault = document.getElementById("camera-fault");
let end = null;

// A code that stays before the camera is one code.
const REST = 4000;
let last = { code: "", at: 0 };
function read(code) {
  const now = Date.now();
  if (code !== last.code || now - last.at > REST) note(code);
  last = { code, at: now };
}

async function readsItself() {
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

let reader = null;
function loadReader() {
  reader ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = words.reader;
    script.onload = resolve;
    script.onerror = () => {
      reader = null;
      reject(new Error("no reader"));
    };
    document.head.append(script);
  });
  return reader;
}

async function startOwn() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  document.getElementById("reader").replaceChildren(video);
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let isOn = true;
  const look = async () => {
    if (!isOn) return;
    try {
      for (const found of await detector.detect(video)) read(found.rawValue);
    } catch {
      // The picture was not there yet.
    }
    if (isOn) setTimeout(look, 150);
  };
  look();
  return async () => {
    isOn = false;
    for (const track of stream.getTracks()) track.stop();
    video.remove();
  };
}

async function startReader() {
  await loadReader();
  const scanner = new Html5Qrcode("reader", {
    verbose: false,
    formatsToSupport: [Html5QrcodeSupportedFormats.QR_CODE],
    useBarCodeDetectorIfSupported: false,
  });
  await scanner.start({ facingMode: "environment" }, { fps: 8, disableFlip: true }, read, () => {});
  return async () => {
    await scanner.stop();
    scanner.clear();
  };
}

start.addEventListener("click", async () => {
  start.disabled = true;
  fault.textContent = "";
  try {
    end = (await readsItself()) ? await startOwn() : await startReader();
    start.hidden = true;
    stop.hidden = false;
  } catch (error) {
    fault.textContent = /NotAllowed|Permission/.test(`${error?.name} ${error}`) ? words.cameraForbidden : words.cameraMissing;
  }
  start.disabled = false;
});

stop.addEventListener("click", async () => {
  await end?.();
  end = null;
  stop.hidden = true;
  start.hidden = false;
  start.focus();
});

if (navigator.mediaDevices?.getUserMedia) {
  document.getElementById("camera").hidden = false;
  // Fetched while there is a network.
  readsItself().then((can) => can || loadReader().catch(() => {}));
}
