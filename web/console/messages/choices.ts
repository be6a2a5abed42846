import type { PageAnswer } from '../../../server/http/page-call.ts'
import type { messageChoices } from '../../../server/messages/console/message-detail.ts'

/** The choices in filters and forms. */
export type Choices = PageAnswer<typeof messageChoices>
