import { useEffect, useState } from 'react'
import type { LogoValue } from './brand-values.ts'

/** Where a logo can be shown from: a chosen file as well, which is forgotten with the page. */
export function useLogoAddress(logo: LogoValue): string {
  const [address, setAddress] = useState('')
  useEffect(() => {
    if (!(logo instanceof Blob)) return setAddress(logo?.path ?? '')
    const made = URL.createObjectURL(logo)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [logo])
  return address
}
