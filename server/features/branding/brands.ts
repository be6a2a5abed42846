/**
 * Before sign-in the host decides how a page looks, and after it the corp of the person who opens the page. The look is written
 * into the page before it is sent (dress-page.ts), so that no other name or colour is seen first. Filing numbers always belong
 * to the host. A host that several corps share has no corp's look.
 */

import { type Corp, type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Brand, MailBrand, ShownLogo } from './brand.ts'
import type { BrandTexts } from './check-brand.ts'
import { coloursOf, ownColour } from './colours.ts'
import { dressPage } from './dress-page.ts'
import * as store from './store.ts'

export type Brands = {
  /** Rereads that of a corp, or all of them. */
  reload(corpId?: string): Promise<void>
  /** What somebody sees who opened a page at this host, and belongs to a corp if known. */
  shownAt(host: string, corpId: string | undefined): Brand
  /**
   * A built page with what is shown there; `nonce` is that of the answer's styles. A page that is made of Ant Design's parts keeps
   * their colours.
   */
  dress(
    html: string,
    host: string,
    corpId: string | undefined,
    how: { nonce: string; isColoured: boolean },
  ): string
  /** What a corp's mails show; undefined when there is no name and no logo. The logo's path is a whole address. */
  inMails(corpId: string): MailBrand | undefined
  /** What is shown where a corp, or the installation (''), has nothing of its own. */
  otherwise(corpId: string): Brand
  /** Whether those who are not signed in yet see the corp's own. */
  isShownBefore(corpId: string): boolean
  hasLogo(hash: string): boolean
}

export const privacyPath = '/privacy'
export const logoPath = (hash: string) => `/brand/logo/${hash}.png`

/** In memory, because every page that is opened asks. */
export function createBrands(ctx: Core & { corps: Corps }): Brands {
  let brands = new Map<string, store.BrandRow>()
  const some = (...corpIds: readonly (string | undefined)[]) =>
    corpIds.flatMap(corpId => (corpId === undefined ? [] : (brands.get(corpId) ?? [])))
  const show = (rows: readonly store.BrandRow[]) => shown(ctx, rows)

  function shownAt(host: string, corpId: string | undefined): Brand {
    const hostId = corpOfHost(ctx, host)?.corpId
    const ofSite = show(some(hostId, ''))
    if (corpId === undefined || corpId === hostId) return ofSite
    // The numbers are those of the site, whoever visits it.
    const { icpNumber, policeNumber } = ofSite
    return { ...show(some(corpId, '')), icpNumber, policeNumber }
  }

  return {
    async reload(corpId) {
      const rows = await store.readBrands(ctx.db, corpId)
      if (corpId === undefined) brands = new Map(rows.map(row => [row.corpId, row]))
      else if (rows[0]) brands.set(corpId, rows[0])
      else brands.delete(corpId)
    },
    shownAt,
    dress(html, host, corpId, { nonce, isColoured }) {
      const brand = shownAt(host, corpId)
      return dressPage(html, isColoured ? brand : { ...brand, colour: '' }, nonce)
    },
    inMails(corpId) {
      const { name, logo, colour } = show(some(corpId, ''))
      if (name === '' && !logo) return undefined
      const base = publicUrlOf(ctx, ctx.corps.find(corpId))
      return {
        name,
        logo: logo && { ...logo, path: base + logo.path },
        colour: coloursOf(colour || ownColour).light.fill,
      }
    },
    otherwise: corpId => show(corpId === '' ? [] : some('')),
    isShownBefore(corpId) {
      const corp = ctx.corps.find(corpId)
      return corp !== undefined && corpOfHost(ctx, hostOf(publicUrlOf(ctx, corp))) === corp
    },
    hasLogo: hash => hash !== '' && brands.values().some(row => row.logoHash === hash),
  }
}

/**
 * Whose host this is: the only corp's, or that of the one corp that has its own address there. The installation's host is nobody
 * else's, and one that several corps share is nobody's, so that no corp's brand shows where another's members sign in.
 */
function corpOfHost(ctx: Core & { corps: Corps }, host: string): Corp | undefined {
  const corps = ctx.corps.all()
  if (corps.length < 2) return corps[0]
  if (host === hostOf(ctx.publicUrl())) return undefined
  const [corp, another] = corps.filter(one => one.publicUrl !== '' && hostOf(one.publicUrl) === host)
  return another ? undefined : corp
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}

/** The first that has it counts; name and logo belong together. */
function shown(ctx: { corps: Corps }, rows: readonly store.BrandRow[]): Brand {
  const named = rows.find(row => row.name !== '' || row.logoHash !== '')
  const first = (field: keyof BrandTexts) => rows.find(row => row[field] !== '')?.[field] ?? ''
  const policy = rows.find(row => row.privacyUrl !== '' || row.privacyText !== '')
  return {
    name: named ? named.name || (ctx.corps.find(named.corpId)?.name ?? '') : '',
    corpId: named?.corpId ?? '',
    logo: named && logoOf(named),
    colour: first('colour'),
    icpNumber: first('icpNumber'),
    policeNumber: first('policeNumber'),
    privacy: policy ? policy.privacyUrl || privacyPath : '',
    privacyText: policy?.privacyText ?? '',
  }
}

export function logoOf({ logoHash, logoWidth, logoHeight }: store.BrandRow): ShownLogo | undefined {
  return logoHash === '' ? undefined : { path: logoPath(logoHash), width: logoWidth, height: logoHeight }
}
