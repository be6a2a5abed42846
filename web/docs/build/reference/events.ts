import type { Schema } from '../../shared/call.ts'
import type { OpenApi } from './calls.ts'

/** A type of event as its page shows it. */
export type EventDoc = {
  type: string
  /** The end of the page's address. */
  slug: string
  title: string
  when: string
  scope: string
  feature: { name: string; title: string } | undefined
  /** What stands in the event's `data`. */
  data: Schema
  /** A whole event as text. */
  sample: string
}

/** `bill.paid` is `bill-paid`. */
export function eventSlugOf(type: string): string {
  return type.replaceAll('.', '-')
}

export function eventsOf({ webhooks }: OpenApi): EventDoc[] {
  return Object.entries(webhooks).map(([type, { post }]) => {
    const { schema, example } = post.requestBody.content['application/json']
    return {
      type,
      slug: eventSlugOf(type),
      title: post.summary,
      when: post.description,
      scope: post['x-scope'] ?? '',
      feature: post['x-feature'],
      data: schema.properties?.['data'] ?? {},
      sample: JSON.stringify(example, null, 2),
    }
  })
}
