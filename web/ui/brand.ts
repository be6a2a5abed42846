import type { PageBrand } from '../../server/features/branding/dress-page.ts'

const none: PageBrand = {
  name: '',
  corpId: '',
  logo: undefined,
  icpNumber: '',
  policeNumber: '',
  privacy: '',
}

let read: PageBrand | undefined

/** The organisation's own, which the server wrote into this page; nothing where it wrote none. */
export function pageBrand(): PageBrand {
  const content = document.querySelector<HTMLMetaElement>('meta[name="brand"]')?.content
  read ??= content ? { ...none, ...(JSON.parse(content) as Partial<PageBrand>) } : none
  return read
}
