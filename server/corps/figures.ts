import type { Db } from '../storage/db.ts'

/** The addresses from which WeCom saw each node, the latest first. */
export async function nodesSeen(db: Db): Promise<{ node: string; address: string; seenAt: Date }[]> {
  return db
    .selectFrom('node_address')
    .select(['node', 'address', 'seen_at as seenAt'])
    .orderBy('seen_at', 'desc')
    .execute()
}
