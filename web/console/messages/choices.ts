import type { messageChoices } from '../../../server/messages/console-message.ts'
import type { PageAnswer } from '../../../server/page-call.ts'

/** What filters and forms offer. */
export type Choices = PageAnswer<typeof messageChoices>
