import type { Answer } from '../../ui/data/api.ts'

export type BrandView = Answer<'/web/branding'>
export type BrandColours = NonNullable<Answer<'/web/branding/colours'>>

/** The stored logo, a file that is sent with the form, or none; `path` is where it can be shown from. */
export type LogoValue = { path: string; file?: Blob } | undefined

/** What the form holds. */
export type BrandValues = {
  name: string
  logo: LogoValue
  colour: string
  icpNumber: string
  policeNumber: string
  privacyKind: 'none' | 'url' | 'text'
  privacyUrl: string
  privacyText: string
}

export const corpPaths = { save: '/web/branding/save', reset: '/web/branding/reset' } as const
export const installationPaths = {
  save: '/web/branding/installation/save',
  reset: '/web/branding/installation/reset',
} as const
export type BrandPaths = typeof corpPaths | typeof installationPaths
