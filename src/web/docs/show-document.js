// Runs in the browser as it is. What would be an inline script elsewhere is a file here: the page allows no others.
globalThis.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#document',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // Nothing is asked of any other machine.
  validatorUrl: null,
});
