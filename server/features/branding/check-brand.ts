import { ApiError } from '../../platform/http/errors.ts'
import { checkText } from '../../platform/http/rules.ts'
import { isColour } from './colours.ts'

/** What an administrator enters; '' is none. */
export type BrandTexts = {
  name: string
  colour: string
  icpNumber: string
  policeNumber: string
  privacyUrl: string
  privacyText: string
}

export const privacyTextAtMost = 20_000
const nameAtMost = 64
const addressAtMost = 512

/** Marks that turn the direction of what stands behind them, such as the rest of a title. */
const turnsDirection = /[\u202a-\u202e\u2066-\u2069]/

/** 京ICP备12345678号-1, 京ICP证030173号, 粤B2-20090059-1 */
const icpNumber = /^\p{Script=Han}(ICP[备证]\d{5,14}号(-\d{1,5})?|[AB]\d(\.[AB]?\d)*-\d{6,10}(-\d{1,5})?)$/u
/** 京公网安备11010502030123号 */
const policeNumber = /^\p{Script=Han}公网安备\d{14}号$/u

/** The texts as they are stored. Throws 1000, naming the field. */
export function checkBrand(given: Partial<BrandTexts>): Partial<BrandTexts> {
  const texts = Object.fromEntries(
    Object.entries(given).map(([field, text]) => [field, text.trim()]),
  ) as Partial<BrandTexts>
  checkName(texts.name ?? '')
  if (texts.colour && !isColour(texts.colour))
    throw new ApiError('badParameter', {
      zh: 'colour 应为 #rrggbb 形式的颜色，例如 #2468f2',
      en: 'colour should be a colour such as #2468f2',
    })
  if (texts.colour) texts.colour = texts.colour.toLowerCase()
  if (texts.icpNumber !== undefined) texts.icpNumber = texts.icpNumber.replace(/\s/g, '')
  if (texts.icpNumber && !icpNumber.test(texts.icpNumber))
    throw new ApiError('badParameter', {
      zh: 'icpNumber 应为备案号或许可证号，例如 京ICP备12345678号-1',
      en: 'icpNumber should be a filing or licence number, such as 京ICP备12345678号-1',
    })
  if (texts.policeNumber !== undefined) texts.policeNumber = texts.policeNumber.replace(/\s/g, '')
  if (texts.policeNumber && !policeNumber.test(texts.policeNumber))
    throw new ApiError('badParameter', {
      zh: 'policeNumber 应为公安备案号，例如 京公网安备11010502030123号',
      en: 'policeNumber should be a filing number of the police, such as 京公网安备11010502030123号',
    })
  checkPrivacy(texts.privacyUrl ?? '', texts.privacyText ?? '')
  return texts
}

function checkName(name: string): void {
  checkText(name, 'name', nameAtMost)
  if (turnsDirection.test(name))
    throw new ApiError('badParameter', {
      zh: 'name 含有改变文字方向的控制字符',
      en: 'name contains a character that changes the direction of text',
    })
}

function checkPrivacy(url: string, text: string): void {
  checkText(url, 'privacyUrl', addressAtMost)
  checkText(text, 'privacyText', privacyTextAtMost, true)
  const address = URL.parse(url)
  if (url !== '' && (address?.protocol !== 'https:' || address.username !== ''))
    throw new ApiError('badParameter', {
      zh: 'privacyUrl 应为 https 地址',
      en: 'privacyUrl should be an https address',
    })
  if (url !== '' && text !== '')
    throw new ApiError('badParameter', {
      zh: 'privacyText 与 privacyUrl 只填一个',
      en: 'privacyText and privacyUrl exclude each other',
    })
}
