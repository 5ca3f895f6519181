/** The part of the WebAssembly interface that is used; it is the same in browsers and in Node. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => object
  compile(bytes: Uint8Array): Promise<object>
}

/** A compiled module of this package that can be instantiated again and again. */
export interface WasmSource<TExports> {
  /**
   * A new instance, or `undefined` where the platform has no WebAssembly or forbids it. The first call compiles, which some
   * browsers refuse on the main thread above 4 KB: there use `load`.
   */
  instance(): TExports | undefined
  /** The same with compilation elsewhere. */
  load(): Promise<TExports | undefined>
}

function apiOfPlatform(): WebAssemblyApi | undefined {
  return Reflect.get(globalThis, 'WebAssembly')
}

const decode = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

/** Compiles at first use and keeps the code, with what the engine has optimised of it, for the next instance. */
export function wasmSource<TExports>(base64: string): WasmSource<TExports> {
  let compiled: object | undefined
  function instantiate(api: WebAssemblyApi, module: object): TExports {
    compiled = module
    // The exports are those of wasm/, which is compiled together with this.
    const exports: TExports = Reflect.get(new api.Instance(module), 'exports')
    return exports
  }
  return {
    instance() {
      const api = apiOfPlatform()
      if (api === undefined) return undefined
      try {
        return instantiate(api, compiled ?? new api.Module(decode(base64)))
      } catch {
        // A content security policy, or a limit of the main thread.
        return undefined
      }
    },
    async load() {
      const api = apiOfPlatform()
      if (api === undefined) return undefined
      try {
        return instantiate(api, compiled ?? (await api.compile(decode(base64))))
      } catch {
        return undefined
      }
    },
  }
}
