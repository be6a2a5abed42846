import { ApiError } from '../../../platform/http/errors.ts'
import { checkBytes, checkText } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { CustomMessage } from '../../../upstream/official/calls/custom.ts'

/** WeChat's limit (docs/upstream/official-customer-service.md#messages). */
export const textBytesAtMost = 2048
const titleAtMost = 64
const descriptionAtMost = 512
const urlBytesAtMost = 1024

/** What WeChat would refuse, and what would be no message. Throws 1000 and 1001. */
export function checkMessage(message: CustomMessage): void {
  if (message.type === 'text') {
    checkFilled(message.content, 'content')
    checkBytes(message.content, 'content', textBytesAtMost)
  }
  if (message.type !== 'news') return
  checkFilled(message.title, 'title')
  checkText(message.title, 'title', titleAtMost)
  checkText(message.description, 'description', descriptionAtMost, true)
  checkUrl(message.url, 'url')
  if (message.picUrl !== '') checkUrl(message.picUrl, 'picUrl')
}

/** Checks that a text is not blank. @throws ApiError 1001 with `name` if it is. */
export function checkFilled(text: string, name: string): void {
  checkText(text, name, textBytesAtMost, true)
  if (text.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
}

/** Throws 1001 for none, and 1000 for what is no address of the web. */
export function checkUrl(url: string, name: string, most = urlBytesAtMost): void {
  if (url === '') throw new ApiError('missingParameter', told`${own(name)}`)
  checkBytes(url, name, most)
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 http 或 https 地址`,
      en: told`${own(name)} should be an http or https address`,
    })
}
