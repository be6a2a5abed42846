/**
 * A page or a section as the search knows it: address, title, the group or page that it is in, other words by which people look for
 * it, text, and the reading of the title where it is Chinese, so that no dictionary is sent.
 */
export type Row = { to: string; title: string; place: string; words: string; text: string; pinyin: string }

/** What is shown of a row: its text around the hit, of which `isHit` parts were looked for. */
export type SearchHit = Pick<Row, 'to' | 'title' | 'place'> & { snippet: { text: string; isHit: boolean }[] }
