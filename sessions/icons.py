"""The drawn signs of pages: lines of 1.7 on a field of twenty by twenty, in the colour of the words beside them."""

#: name -> what is inside the <svg>.
ICONS = {
    "calendar": '<rect x="3" y="4.5" width="14" height="13" rx="2"/><path d="M3 8.5h14M7 2.5v4M13 2.5v4"/>',
    "chat": ('<path d="M3 5.5A2.5 2.5 0 0 1 5.5 3h9A2.5 2.5 0 0 1 17 5.5v5a2.5 2.5 0 0 1-2.5 2.5H9l-4 4v-4A2.5 2.5 0 0 1 3 10.5z"/>'),
    "check": '<path d="M4 10.5l4 4 8-9"/>',
    "clock": '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3 2"/>',
    "copy": (
        '<rect x="7" y="7" width="10" height="10" rx="2"/>'
        '<path d="M13 4.5v-.5a1.5 1.5 0 0 0-1.5-1.5H4A1.5 1.5 0 0 0 2.5 4v7.5A1.5 1.5 0 0 0 4 13h.5"/>'
    ),
    "cross": '<path d="M5 5l10 10M15 5L5 15"/>',
    "document": '<path d="M5 2.5h6.5l4 4v11H5zM11.5 2.5v4h4M7.8 11h5M7.8 14h5"/>',
    "download": '<path d="M10 3v10M5.5 9l4.5 4.5L14.5 9M3.5 17h13"/>',
    "edit": ('<path d="M3 17l.8-3.6L13.5 3.7a1.5 1.5 0 0 1 2.1 0l.7.7a1.5 1.5 0 0 1 0 2.1L6.6 16.2 3 17zM12 5.2l2.8 2.8"/>'),
    "group": (
        '<circle cx="7.5" cy="7" r="3"/><path d="M2 16.500c0-3 2.5-4.8 5.5-4.8s5.5 1.8 5.5 4.8'
        'M13.5 4.3a3 3 0 0 1 0 5.4M15 12.200c1.9.6 3 2.2 3 4.3"/>'
    ),
    "link": '<path d="M8.5 11.500a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M11.5 8.500a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1"/>',
    "lock": '<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>',
    "mail": '<rect x="2.5" y="4.5" width="15" height="11" rx="2"/><path d="M3 6l7 5.5L17 6"/>',
    "medal": '<circle cx="10" cy="8" r="5"/><path d="M7 12.5L5.5 18l4.5-2.2 4.5 2.200L13 12.5"/>',
    "next": '<path d="M7 4l6 6-6 6"/>',
    "outside": '<path d="M11 3.5h5.5V9M16 4l-7 7M14 11.5v5H3.5V6h5"/>',
    "phone": (
        '<path d="M6.5 2.8l2 4-1.8 1.7a9.5 9.5 0 0 0 4.8 4.8l1.7-1.8 4 2v2.3a1.5 1.5 0 0 1-1.6 1.5'
        'C8.7 16.8 3.2 11.3 2.7 4.4a1.5 1.5 0 0 1 1.5-1.600z"/>'
    ),
    "play": '<circle cx="10" cy="10" r="7.5"/><path d="M8.5 7l4.5 3-4.5 3z"/>',
    "print": '<path d="M6 7V2.500h8V7M6 14H3.500V7h13v7H14M6 11.500h8v6H6z"/>',
    "star": '<path d="M10 3l2.1 4.5 4.9.6-3.6 3.4.9 4.9L10 14l-4.3 2.4.9-4.9L3 8.1l4.9-.6z"/>',
    "warning": '<circle cx="10" cy="10" r="7.5"/><path d="M10 6v5M10 13.8v.1"/>',
}
