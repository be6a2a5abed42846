import type { ReactNode } from 'react'
import type { PageBrand } from '../../server/features/branding/dress-page.ts'

/** What Chinese law wants at the foot of a site, and its privacy policy, which is called `privacy`. Nothing where there is nothing. */
export function SiteFooter(props: {
  brand: Pick<PageBrand, 'icpNumber' | 'policeNumber' | 'privacy'>
  privacy: string
}): ReactNode {
  const { icpNumber, policeNumber, privacy } = props.brand
  if (!icpNumber && !policeNumber && !privacy) return null
  return (
    <footer className="wb-site">
      {privacy ? <SiteLink to={privacy}>{props.privacy}</SiteLink> : null}
      {icpNumber ? <SiteLink to="https://beian.miit.gov.cn/">{icpNumber}</SiteLink> : null}
      {policeNumber ? (
        <SiteLink to={`https://beian.mps.gov.cn/#/query/webSearch?code=${policeNumber.replace(/\D/g, '')}`}>
          {policeNumber}
        </SiteLink>
      ) : null}
    </footer>
  )
}

function SiteLink(props: { to: string; children: string }): ReactNode {
  return (
    <a href={props.to} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  )
}
