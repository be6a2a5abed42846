import { type Static, Type } from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

/*
 * What was set up on WeChat's own site (docs/upstream/official-followers.md#replies-of-the-website). Only what cannot be done
 * without is required; a kind of reply that is not known keeps its name, so that it can be told.
 */

const text = Type.Optional(Type.String())

const article = Type.Object({
  title: text,
  digest: text,
  cover_url: text,
  content_url: text,
})

const reply = Type.Object({
  /** text, img, voice, video, news. */
  type: Type.String(),
  /** The text, or the media_id of the others. */
  content: text,
  news_info: Type.Optional(Type.Object({ list: Type.Optional(Type.Array(article)) })),
})
export type SiteReply = Static<typeof reply>

const flag = Type.Optional(Type.Integer())

const answer = Type.Object({
  is_add_friend_reply_open: flag,
  is_autoreply_open: flag,
  add_friend_autoreply_info: Type.Optional(reply),
  message_default_autoreply_info: Type.Optional(reply),
  keyword_autoreply_info: Type.Optional(
    Type.Object({
      list: Type.Optional(
        Type.Array(
          Type.Object({
            rule_name: text,
            /** reply_all, or random_one. */
            reply_mode: text,
            keyword_list_info: Type.Array(
              Type.Object({
                type: text,
                /** contain, or equal. */
                match_mode: text,
                content: text,
              }),
            ),
            reply_list_info: Type.Array(reply),
          }),
        ),
      ),
    }),
  ),
})
export type SiteReplies = Static<typeof answer>

const path = '/cgi-bin/get_current_autoreply_info'

/** @throws OfficialError, OfficialUnavailable */
export async function currentAutoReplies(client: OfficialClient): Promise<SiteReplies> {
  return checked(answer, path, await client.get(path))
}
