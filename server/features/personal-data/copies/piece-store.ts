import type { Db } from '../../../platform/storage/db.ts'

export async function putPiece(
  tx: Db,
  piece: { corpId: string; requestId: number; n: number; content: string },
): Promise<void> {
  const { corpId: corp_id, requestId: request_id, n, content } = piece
  await tx
    .insertInto('person_copy_piece')
    .values({ corp_id, request_id, n, content })
    .onConflict(conflict => conflict.columns(['corp_id', 'request_id', 'n']).doUpdateSet({ content }))
    .execute()
}

/** What a run before a crash had written. */
export async function dropPieces(tx: Db, corpId: string, requestId: number): Promise<void> {
  await tx
    .deleteFrom('person_copy_piece')
    .where('corp_id', '=', corpId)
    .where('request_id', '=', requestId)
    .execute()
}

export async function* readPieces(db: Db, corpId: string, requestId: number): AsyncGenerator<string> {
  for (let after = -1; ; ) {
    const row = await db
      .selectFrom('person_copy_piece')
      .select(['n', 'content'])
      .where('corp_id', '=', corpId)
      .where('request_id', '=', requestId)
      .where('n', '>', after)
      .orderBy('n')
      .limit(1)
      .executeTakeFirst()
    if (!row) return
    yield row.content
    after = row.n
  }
}
