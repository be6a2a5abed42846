import type { ReactNode } from 'react'
import type { PageBrand } from '../../server/features/branding/dress-page.ts'
import { letterOf } from '../ui/values/app-letter.ts'
import './brand-mark.css'

type NamedBrand = Pick<PageBrand, 'name' | 'logo'>

/** The organisation's logo, or the first letter of its name in its colour; wisp's where it has neither. */
export function BrandLogo(props: { brand: NamedBrand; size: number }): ReactNode {
  const { brand, size } = props
  const { logo, name } = brand
  if (logo)
    return (
      <img
        className="wb-logo"
        src={logo.path}
        alt=""
        width={logo.width}
        height={logo.height}
        style={{ height: size, maxWidth: size * 4 }}
      />
    )
  if (name === '') return <img src="/icon.svg" alt="" width={size} height={size} />
  return (
    <span
      className="wb-logo-letter"
      style={{
        width: size,
        height: size,
        borderRadius: Math.round(size * 0.24),
        fontSize: Math.round(size * 0.5),
      }}
      aria-hidden="true"
    >
      {letterOf({ id: '', name }).letter}
    </span>
  )
}

/** Logo and name in a line, for the head of a page. A name of another direction does not turn what stands around it. */
export function BrandMark(props: { brand: NamedBrand; size: number }): ReactNode {
  return (
    <div className="wb-brand">
      <BrandLogo {...props} />
      <bdi className="wb-cut">{props.brand.name}</bdi>
    </div>
  )
}
