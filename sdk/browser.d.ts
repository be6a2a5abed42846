/** Sizes in CSS pixels as a number or `"480px"`, or a share of the portal's window as `"60%"`. */
export type PopupSize = number | string

export type Popup = {
  /** Required. */
  title: string
  /** Required; http(s). Relative addresses are meant from the page that asks. */
  url: string
  /** What does not fit is made to fit; what cannot be understood means the portal's own size. */
  width?: PopupSize
  height?: PopupSize
}

export type Member = { userId: string; userName: string }
export type Department = { orgId: string; orgName: string }

export type PickOptions = {
  /** In place of the portal's own title. */
  title?: string
  /** Default true. */
  multiple?: boolean
  /** At most so many; no limit by default. */
  max?: number
}
export type PickMembersOptions = PickOptions & { selected?: readonly Member[] }
export type PickDepartmentsOptions = PickOptions & { selected?: readonly Department[] }

/**
 * Why something could not be had:
 * `noPortal` the page is not in a frame of the portal, or the portal did not answer; `busy` another picker is open;
 * `refused` the portal said no: the person may not open this app any more, or was signed out; `badRequest` what was asked
 * makes no sense.
 */
export type WispErrorCode = 'noPortal' | 'busy' | 'refused' | 'badRequest'

export declare class WispError extends Error {
  readonly code: WispErrorCode
}

export type Wisp = {
  /**
   * Shows a page in the portal's dialog; one at a time, a second replaces the first. Outside of the portal, where apps
   * stand alone (phones open them so), the page opens in a new window. Throws WispError `badRequest`.
   */
  openPopup(popup: Popup): void
  /** Closes the dialog: called by the page that opened it, or by the page within it. */
  closePopup(): void
  /**
   * The jessionId that tells the app's server who is here (`GET /api/user/getInfo`). The one of the page's address; with
   * `fresh`, or where the address has none, a new one from the portal. Rejects with WispError.
   */
  getTicket(options?: { fresh?: boolean }): Promise<string>
  /** Lets the person choose among those they may see; undefined when they changed their mind. Rejects with WispError. */
  pickMembers(options?: PickMembersOptions): Promise<Member[] | undefined>
  pickDepartments(options?: PickDepartmentsOptions): Promise<Department[] | undefined>
}

export declare const openPopup: Wisp['openPopup']
export declare const closePopup: Wisp['closePopup']
export declare const getTicket: Wisp['getTicket']
export declare const pickMembers: Wisp['pickMembers']
export declare const pickDepartments: Wisp['pickDepartments']

type Receiver = { postMessage(message: unknown, targetOrigin: string): void }

/** The window that the functions above work on. For tests, and for a page within a page. */
export type Surroundings = {
  self: {
    readonly location: { readonly href: string }
    readonly parent: unknown
    open(url: string, target: string, features: string): unknown
    addEventListener(type: 'message', listener: (event: never) => void): void
  }
  parent: Receiver
  /** Only answers from this origin count; without it, whoever frames the page. */
  portal?: string
  answerWithinMs?: number
}

export declare function createWisp(surroundings: Surroundings): Wisp
