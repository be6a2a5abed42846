import type { ComposeForm } from '../compose/compose-form.ts'
import type { ChannelView } from './channel-view.ts'

/** What a message to groups says. */
export function groupInputs({ title, content, url, mention }: ComposeForm) {
  return {
    title: title.trim(),
    content,
    ...(url.trim() ? { url: url.trim() } : {}),
    ...(mention.length > 0 ? { mention } : {}),
  }
}

export const missingOfGroup: NonNullable<ChannelView['compose']>['missing'] = ({ content }) =>
  content.trim() ? [] : ['body']
