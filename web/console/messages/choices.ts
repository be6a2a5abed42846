import type { PageAnswer } from '../../../server/http/page-call.ts'
import type { messageChoices } from '../../../server/messages/console/message-detail.ts'

/** What filters and forms offer. */
export type Choices = PageAnswer<typeof messageChoices>
