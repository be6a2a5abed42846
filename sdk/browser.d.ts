/** A size in CSS pixels as a number or `"480px"`, or as a share of the portal's window, such as `"60%"`. */
export type PopupSize = number | string

export type Popup = {
  /** Required. */
  title: string
  /** Required; http or https. Relative addresses are resolved against the page that calls. */
  url: string
  /** A size that is too large is reduced; an invalid one is replaced by the portal's default. */
  width?: PopupSize
  height?: PopupSize
}

export type Member = { userId: string; userName: string }
export type Department = { orgId: string; orgName: string }

export type PickOptions = {
  /** Replaces the portal's own title. */
  title?: string
  /** True by default. */
  multiple?: boolean
  /** The largest number of choices; no limit by default. */
  max?: number
}
export type PickMembersOptions = PickOptions & { selected?: readonly Member[] }
export type PickDepartmentsOptions = PickOptions & { selected?: readonly Department[] }

/**
 * The reason of a failure:
 * `noPortal`: the page is not in a frame of the portal and does not know its address, or the portal did not answer;
 * `busy`: another picker is open;
 * `refused`: the portal refused, because the person may no longer open this app or was signed out; or WeCom or the
 * application's own server refused to configure the page;
 * `noWecom`: the page has not WeCom's script, or is not open in a WeCom that answers;
 * `badRequest`: the request is invalid.
 */
export type WispErrorCode = 'noPortal' | 'noWecom' | 'busy' | 'refused' | 'badRequest'

export declare class WispError extends Error {
  readonly code: WispErrorCode
}

export type ConfigureOptions = {
  /** The app's WeCom agent. */
  agentId: number | string
  /** Names of WeCom's JS-SDK, such as `getLocation`. */
  jsApiList?: readonly string[]
  /**
   * Where the application's own server answers `GET ?agentId&url[&rejected]` with what the platform answers it for
   * `GET /api/jssdk/config` with the same parameters and its devToken, which no page may know.
   */
  configUrl: string
}

export type ApprovalOptions = {
  /** The template of the app's own flow, made in WeCom's console at 应用 → 审批接口. */
  templateId: string
  /** The number of the approval, the app's own: never used before where it is started. */
  thirdNo: string
  /** What the approvers see. */
  fields?: readonly { title: string; value: string; type?: 'text' | 'link' }[]
}

export type Picked =
  | { act: 'pickMembers'; value: Member[] | undefined }
  | { act: 'pickDepartments'; value: Department[] | undefined }

export type Wisp = {
  /**
   * Shows a page in the portal's dialog. There is one dialog at a time; a second call replaces its page.
   * Outside the portal's frame, for example on phones, the page opens in a new window. Throws WispError
   * `badRequest`.
   */
  openPopup(popup: Popup): void
  /** Closes the dialog. Both the page that opened it and the page inside it may call this. */
  closePopup(): void
  /**
   * Resolves with the jessionId that tells the app's server who the visitor is (`GET /api/user/getInfo`). It
   * is the one of the page's address; with `fresh`, or when the address has none, a new one is requested from
   * the portal. Rejects with WispError.
   */
  getTicket(options?: { fresh?: boolean }): Promise<string>
  /**
   * Lets the person choose among the members they may see. Resolves with undefined when the person cancelled.
   * Rejects with WispError.
   * Outside the portal's frame this page is left for one of the portal, and opened again at the same address: the
   * promise never resolves, and the page finds the choice by `takePicked` when it is loaded again.
   */
  pickMembers(options?: PickMembersOptions): Promise<Member[] | undefined>
  pickDepartments(options?: PickDepartmentsOptions): Promise<Department[] | undefined>
  /**
   * What the person chose in the portal's page that this page was left for; `value` is undefined when the person
   * cancelled. Undefined when nothing was chosen, and from the second call on.
   */
  takePicked(): Picked | undefined
  /**
   * Makes WeCom's JS-SDK usable in this page: has the page's address signed, and gives the signatures to wx.config and
   * wx.agentConfig, whose scripts the page includes itself. A signature that WeCom refuses is
   * replaced by a new one, once for each of the two.
   * Rejects with WispError `badRequest`, `noWecom` or `refused`.
   */
  configure(options: ConfigureOptions): Promise<void>
  /**
   * Opens WeCom's page that submits an approval of the app's own flow, after `configure` with `thirdPartyOpenPage` in jsApiList. It resolves when
   * the page was opened; what became of the approval is told by `approval.changed` and `GET /api/approval/get` with thirdNo.
   * Rejects with WispError `badRequest`, `noWecom` or `refused`.
   */
  startApproval(options: ApprovalOptions): Promise<void>
  /** Opens WeCom's page of an approval that was started so. */
  showApproval(options: Omit<ApprovalOptions, 'fields'>): Promise<void>
}

export declare const openPopup: Wisp['openPopup']
export declare const closePopup: Wisp['closePopup']
export declare const getTicket: Wisp['getTicket']
export declare const pickMembers: Wisp['pickMembers']
export declare const pickDepartments: Wisp['pickDepartments']
export declare const takePicked: Wisp['takePicked']
export declare const startApproval: Wisp['startApproval']
export declare const showApproval: Wisp['showApproval']
export declare const configure: Wisp['configure']

type Receiver = { postMessage(message: unknown, targetOrigin: string): void }

/** The windows that the functions above work with. They can be replaced in tests and for a page inside another page. */
export type Surroundings = {
  self: {
    readonly location: { readonly href: string; assign?(url: string): void }
    readonly parent: unknown
    open(url: string, target: string, features: string): unknown
    addEventListener(type: 'message', listener: (event: never) => void): void
    /** For `configure`, as is `wx`, WeCom's script. */
    fetch?(url: string): Promise<unknown>
    wx?: unknown
    /** WeCom's newer script. */
    ww?: unknown
  }
  parent: Receiver
  /** Accepts answers from this origin only; without it, from whatever page is the parent. */
  portal?: string
  /** The portal whose page is the picker outside of frames; `portal` by default. */
  picker?: string
  answerWithinMs?: number
  /** How long WeCom's script may take. */
  configureWithinMs?: number
}

export declare function createWisp(surroundings: Surroundings): Wisp
