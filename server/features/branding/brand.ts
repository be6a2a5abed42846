import type { BrandTexts } from './check-brand.ts'

export type ShownLogo = { path: string; width: number; height: number }

/** What pages and mails show of an organisation. '' and undefined: nothing, or what wisp has. */
export type Brand = Omit<BrandTexts, 'privacyUrl' | 'privacyText'> & {
  /** Whose name and logo they are; '' for the installation. */
  corpId: string
  logo: ShownLogo | undefined
  /** Where the privacy policy is: an address, or our own page of its text. */
  privacy: string
  privacyText: string
}

/** `colour` carries white text. */
export type MailBrand = { name: string; logo: ShownLogo | undefined; colour: string }
