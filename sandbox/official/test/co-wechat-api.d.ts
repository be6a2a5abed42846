declare module 'co-wechat-api' {
  /** The part of the client that tests use; refusals are thrown with WeChat's code. */
  export default class WechatApi {
    prefix: string
    constructor(appId: string, secret: string)
    createMenu(menu: object): Promise<Record<string, unknown>>
    getMenu(): Promise<{ menu: { button: { name: string }[] } }>
    removeMenu(): Promise<Record<string, unknown>>
    getFollowers(): Promise<{ count: number; data: { openid: string[] } }>
    batchGetUsers(openids: string[]): Promise<{ user_info_list: { openid: string; subscribe: number }[] }>
    createTags(name: string): Promise<{ tag: { id: number } }>
    batchTagging(openids: string[], tagId: number): Promise<Record<string, unknown>>
    getIdList(openid: string): Promise<{ tagid_list: number[] }>
    uploadMedia(file: Buffer, type: string, fileName: string, mime: string): Promise<{ media_id: string }>
    getMedia(mediaId: string): Promise<Buffer>
    sendText(openid: string, text: string): Promise<Record<string, unknown>>
    sendImage(openid: string, mediaId: string): Promise<Record<string, unknown>>
  }
}
