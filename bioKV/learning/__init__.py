"""What is learned by gradient descent: rules, controllers, a head. The only place with JAX."""
