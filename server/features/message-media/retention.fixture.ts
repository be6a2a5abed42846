import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putMedia = (id: string, days: number) =>
    put(sql`insert into message_media values
      (${corpId()}, ${id}, 'operator', ${id}, 'file', 'text/plain', ${id}, 6, ${ago(400)}, ${ago(days)})`)
  return {
    message_media: { kept: 30, marked: 'id', put: (days, mark) => putMedia(mark, days) },
    message_media_upload: {
      kept: 1,
      marked: 'given_id',
      async put(days, mark) {
        await putMedia(`media-${mark}`, 0)
        await put(sql`insert into message_media_upload values
          (${corpId()}, ${`media-${mark}`}, 1, 'file', ${mark}, ${ago(days)})`)
      },
    },
  }
}
