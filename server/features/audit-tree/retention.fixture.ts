import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

let block = 1_000_000

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putTree = () =>
    put(sql`insert into audit_tree (tree, corp_id) values (${corpId()}, ${corpId()}) on conflict do nothing`)
  return {
    audit_leaf: {
      kept: 430,
      marked: 'source',
      async put(days, mark) {
        await putTree()
        block++
        // Old ones go when a whole subtree is old.
        const last = block * 256 + (mark === 'old' ? 255 : 0)
        return put(sql`insert into audit_leaf (tree, index, source, row_id, hash, entered_at)
          select ${corpId()}, n, ${mark}, n::text, '', ${ago(days)} from generate_series(${block * 256}::bigint, ${last}::bigint) as n`)
      },
    },
    audit_checkpoint: {
      kept: 800,
      marked: 'cause',
      // The last one that is older than the others.
      stay: 1,
      async put(days, mark) {
        await putTree()
        block += 2
        const putOne = (number: number, cause: string) =>
          put(sql`insert into audit_checkpoint (tree, number, size, note, cause, made_at)
            values (${corpId()}, ${number}, 0, '', ${cause}, ${ago(days)})`)
        if (mark === 'old') await putOne(block + 1, 'next')
        return putOne(block, mark)
      },
    },
    audit_verification: {
      kept: 90,
      marked: 'asked_by',
      async put(days, mark) {
        await putTree()
        return put(sql`insert into audit_verification (tree, asked_at, asked_by, ended_at)
          values (${corpId()}, ${ago(days)}, ${mark}, ${ago(days)})`)
      },
    },
  }
}
