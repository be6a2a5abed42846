import { optionalInteger } from '../input.ts'

/** The page of a list of management. */
export const adminPaging = {
  pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
  pageSize: optionalInteger(
    { zh: '每页条数，默认 20', en: 'Rows of a page; 20 unless given' },
    { min: 1, max: 200 },
  ),
}
