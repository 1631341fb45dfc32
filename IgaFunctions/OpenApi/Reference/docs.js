// Everything that Scalar would ask of other servers is off: fonts, telemetry, its proxy, its assistant, its client's download.
Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  theme: 'default',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false, // the key is gone with the page
  orderSchemaPropertiesBy: 'preserve',
  documentDownloadType: 'direct',
  authentication: { preferredSecurityScheme: 'key' },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
});
